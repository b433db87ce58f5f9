using System.CommandLine;
using NeuralStyle.Runtime;
using NeuralStyle.Settings;
using static NeuralStyle.Benchmarks.CommandLine;

namespace NeuralStyle.Benchmarks.Gpu;

/// <summary>How activations lie in memory.</summary>
internal enum MemoryOrder
{
    /// <summary>One channel after the other, as libtorch has it.</summary>
    Plain,

    /// <summary>The channels of a position side by side, as nst has it on CUDA.</summary>
    ChannelsLast,
}

/// <summary>What <c>device</c> was asked to measure.</summary>
internal sealed record DeviceOptions
{
    /// <summary>The command's name.</summary>
    public const string Name = "device";

    private const int SmallestSize = 16;

    public required string Device { get; init; }

    /// <summary>Sides of the square pictures; for curves the long side.</summary>
    public required IReadOnlyList<int> Sizes { get; init; }

    public required IReadOnlyList<ConvolutionPrecision> Precisions { get; init; }

    /// <summary>Whether cuDNN searches for the fastest algorithms.</summary>
    public required bool Search { get; init; }

    public required IReadOnlyList<MemoryOrder> Orders { get; init; }

    /// <summary>Processes of each kind at each size.</summary>
    public required int Rounds { get; init; }

    /// <summary>Evaluations, and then iterations, in each process.</summary>
    public required int Repeats { get; init; }

    /// <summary>A Python with PyTorch; null compares with nothing.</summary>
    public string? Eager { get; init; }

    /// <summary>Whether PyTorch compiles its losses.</summary>
    public required bool Compile { get; init; }

    public string? Json { get; init; }

    public required bool Curve { get; init; }

    /// <summary>Whether to check losses and gradients instead.</summary>
    public required bool Check { get; init; }

    public required int Iterations { get; init; }

    public string? Weights { get; init; }

    public bool OnGpu => Device.StartsWith("cuda", StringComparison.OrdinalIgnoreCase);

    /// <summary>The command <c>device</c>.</summary>
    public static Command Create() => Create(DeviceCommand.Run);

    /// <summary>The command, with something else to do.</summary>
    internal static Command Create(Func<DeviceOptions, int> run)
    {
        var device = Value("--device", "cpu, cuda or cuda:N", "cuda");
        var sizes = List("--sizes", "sides of the pictures in pixels; default: by the device", Side);
        var precisions = List("--precision", "float32, tf32, bfloat16; default: the first two on CUDA, the first on a CPU",
            name => ValueNames.Parse<ConvolutionPrecision>("precision", name));
        var search = new Option<bool>("--cudnn-benchmark") { Description = "nst and eager let cuDNN search for the fastest algorithms" };
        var orders = List("--order", "plain, channels-last: order of nst's activations in memory; eager's are plain",
            name => ValueNames.Parse<MemoryOrder>("order", name));
        var rounds = Count("--rounds", "processes of each kind at each size", 3);
        var repeats = Count("--repeats", "evaluations, and then iterations, in each process", 10);
        var eager = Value<string?>("--eager", "a Python with PyTorch: it does the same in alternation, and the losses must agree", null,
            "PYTHON");
        var compile = new Option<bool>("--compile") { Description = "PyTorch compiles its losses with torch.compile" };
        var json = Value<string?>("--json", "write the numbers to this file", null, "FILE");
        var curve = new Option<bool>("--curve") { Description = "loss curves of Adam in float32, float32 once more, and TF32" };
        var check = new Option<bool>("--check") { Description = "losses and gradients of every preset against the CPU in float64" };
        var iterations = Count("--iterations", "iterations of a curve", 100);
        var weights = Value<string?>("--weights", "weights of the curves and the check; default: the built-in network", null, "FILE");
        var command = new Command(Name, "evaluations and iterations on one device, against PyTorch on the same one")
            .With(device, sizes, precisions, search, orders, rounds, repeats, eager, compile, json, curve, check, iterations, weights);
        command.SetAction(parse => run(new DeviceOptions
        {
            Device = parse.GetValue(device) is var name && name == "cuda" ? "cuda:0" : parse.GetValue(device)!,
            Sizes = parse.GetValue(sizes)!,
            Precisions = parse.GetValue(precisions)!,
            Search = parse.GetValue(search),
            Orders = parse.GetValue(orders)!,
            Rounds = parse.GetValue(rounds),
            Repeats = parse.GetValue(repeats),
            Eager = parse.GetValue(eager),
            Compile = parse.GetValue(compile),
            Json = parse.GetValue(json),
            Curve = parse.GetValue(curve),
            Check = parse.GetValue(check),
            Iterations = parse.GetValue(iterations),
            Weights = parse.GetValue(weights),
        }.WithUsual()));
        return command;
    }

    /// <summary>What was not given, by the device.</summary>
    private DeviceOptions WithUsual()
    {
        int[] sizes = (Curve, OnGpu) switch
        {
            _ when Check => [256],
            (true, true) => [512],
            (false, true) => [512, 1024, 2048],
            _ => [64, 128],
        };
        return this with
        {
            Sizes = Sizes.Count > 0 ? Sizes : sizes,
            Precisions = Precisions.Count > 0
                ? Precisions
                : OnGpu
                ? [ConvolutionPrecision.Float32, ConvolutionPrecision.Tf32]
                : [ConvolutionPrecision.Float32],
            Orders = Orders.Count > 0 ? Orders : OnGpu ? Enum.GetValues<MemoryOrder>() : [MemoryOrder.Plain],
        };
    }

    private static int Side(string text) => int.TryParse(text, out var side) && side >= SmallestSize
        ? side
        : throw new InvalidInputException($"'{text}' is not a whole number from {SmallestSize}");
}
