using System.CommandLine;
using NeuralStyle.Memory;
using NeuralStyle.Runtime;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;
using NeuralStyle.Weights;

namespace NeuralStyle.Cli.Options;

/// <summary>Options about the machine and about reporting, shared by the commands that compute.</summary>
internal sealed class RunOptions
{
    public Option<string> Weights { get; } = new("--weights")
    {
        Description = "weights file, or a name from 'nst weights list'; default: an installed network, else the built-in one",
        HelpName = "FILE|NAME",
    };

    public Option<string> Preprocessing { get; } = new("--preprocessing")
    {
        Description = "preprocessing of pictures for the network; overrides the weights file",
        HelpName = string.Join('|', PreprocessingNames.All.Select(pair => pair.Name)),
    };

    public Option<string> Device { get; } = new("--device")
    {
        Description = "device to compute on",
        HelpName = "auto|cpu|cuda|cuda:N",
        DefaultValueFactory = _ => "auto",
    };

    public Option<string?> Precision { get; } = new("--precision")
    {
        Description = "precision of convolutions: float32 is exact; tf32, on CUDA, rounds their inputs and is three to five times as fast; "
            + "bfloat16, on CPUs with AMX, rounds more; default: the fastest that the device has",
        HelpName = string.Join('|', ValueNames.All<ConvolutionPrecision>()),
    };

    public Option<bool> CudnnBenchmark { get; } = new("--cudnn-benchmark")
    {
        Description =
            "on CUDA, time cuDNN's algorithms at each new size and use the fastest; results may then differ slightly from run to run",
    };

    public Option<bool> NoCudaGraphs { get; } = new("--no-cuda-graphs")
    {
        Description = "on CUDA, start every kernel by itself; otherwise evaluations of small pictures are recorded and started as a whole",
    };

    public Option<string> Threads { get; } = new("--threads") { Description = "CPU threads; default: one per physical core",
        HelpName = "N" };

    public Option<string> Memory { get; } = new("--memory")
    {
        Description = "memory limit of a run; larger pictures are computed in tiles, with the same result; "
            + "default: 70 % of the free memory of the device",
        HelpName = "4G|900M",
    };

    public Option<string> Tile { get; } = new("--tile")
    {
        Description = "side of the tiles in pixels, instead of --memory; off: no tiles",
        HelpName = "N|off",
    };

    public Option<bool> Quiet { get; } = new("--quiet", "-q") { Description = "print errors only" };

    public Option<bool> Verbose { get; } = new("--verbose") { Description = "print more details, and stack traces of errors" };

    public IReadOnlyList<Option> Table =>
        [Weights, Preprocessing, Device, Precision, CudnnBenchmark, NoCudaGraphs, Threads, Memory, Tile, Quiet, Verbose];

    public void AddTo(Command command)
    {
        foreach (var option in Table) command.Options.Add(option);
    }

    /// <summary>The values of options for the weights file.</summary>
    public WeightsOverrides Overrides(OptionTexts texts) =>
        new(texts[Preprocessing] is { } name ? PreprocessingNames.Parse(Preprocessing.Name, name) : null);

    /// <summary>Whether a convention has a name that can be given; others are in the weights file itself.</summary>
    public static bool Knows(string? preprocessing) => PreprocessingNames.All.Any(pair => pair.Name == preprocessing);

    /// <summary>The device's name.</summary>
    public string DeviceOf(ParseResult parse) => parse.GetValue(Device)!;

    /// <summary>The command line's memory settings.</summary>
    /// <exception cref="InvalidInputException">Not an amount, or contradicting options.</exception>
    public MemorySettings MemoryOf(ParseResult parse)
    {
        var (memory, tile) = (parse.GetValue(Memory), parse.GetValue(Tile));
        if (memory is not null && tile is not null)
            throw new InvalidInputException("--memory and --tile were both given; give one of them");
        return new MemorySettings(
            memory is null ? null : MemoryBudget.Parse("--memory", memory),
            tile is null or "off" ? null : Values.InRange("--tile", tile, 64, SettingsLimits.LargestSize),
            Whole: tile == "off");
    }

    /// <summary>How devices compute.</summary>
    public ComputeSettings ComputeOf(ParseResult parse) =>
        new(parse.GetValue(Precision) is { } name ? ValueNames.Parse<ConvolutionPrecision>("--precision", name) : null,
            parse.GetValue(CudnnBenchmark), !parse.GetValue(NoCudaGraphs));

    /// <summary>The requested thread count; null for libtorch's choice.</summary>
    public int? ThreadCount(ParseResult parse) => parse.GetValue(Threads) is { } text ? Values.InRange("--threads", text, 1, 1024) : null;
}
