using NeuralStyle.Cli.Jobs;
using System.CommandLine;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;
using NeuralStyle.Weights;

namespace NeuralStyle.Cli.Options;

/// <summary>Options that several of the weights commands share.</summary>
internal sealed class WeightsOptions
{
    public Option<string?> Preprocessing { get; } = new("--preprocessing")
    {
        Description =
            $"preprocessing to record in the file, instead of what it says: "
                + $"{string.Join(", ", PreprocessingNames.All.Select(pair => pair.Name))}",
        HelpName = "NAME",
    };

    public Option<PaddingMode?> Padding { get; } = new("--padding") { Description = "padding to record in the file",
        HelpName = string.Join('|', ValueNames.All<PaddingMode>()) };

    public Option<bool> Half { get; } = new("--half") { Description = "write float16: half the size" };

    public Option<bool> EightBit { get; } = new("--eight-bit") { Description = "write 8 bits per weight: a quarter of the size" };

    public Option<bool> NoClobber { get; } = new(EarlierResult.Option) { Description = EarlierResult.Description };

    public void AddTo(Command command)
    {
        command.Options.Add(Preprocessing);
        command.Options.Add(Padding);
        AddFormatTo(command);
    }

    public WeightsOverrides Bind(ParseResult parse) => new(
        parse.GetValue(Preprocessing) is { } name ? PreprocessingNames.Parse(Preprocessing.Name, name) : null,
        parse.GetValue(Padding));

    /// <summary>Adds only the options about the format of numbers.</summary>
    public void AddFormatTo(Command command)
    {
        command.Options.Add(Half);
        command.Options.Add(EightBit);
    }

    /// <summary>Checks the name of a weights file made from another one.</summary>
    /// <exception cref="InvalidInputException">It is the input file, or must be kept.</exception>
    /// <param name="from">The input.</param>
    /// <param name="to">The file to write.</param>
    /// <param name="keep">Whether to keep an existing file.</param>
    /// <param name="error">Receives a line if it will be replaced.</param>
    public static void CheckOutput(string from, string to, bool keep, TextWriter error)
    {
        new FileUses().Reads("the network", from).Writes("the result", to).Check();
        EarlierResult.Meet(to, keep, error);
    }

    /// <summary>The weights file that a command names: a path, or the name of an installed network.</summary>
    /// <exception cref="InvalidInputException">Neither exists, or it is the built-in network, which is not a file.</exception>
    public static string FileOf(string asked, WeightsLocator? locator) => (locator ?? new WeightsLocator()).Locate(asked).Path
        ?? throw new InvalidInputException(
            $"'{asked}' is the built-in network, which is part of nst and not a file; name a file, or a network from 'nst weights list'");

    /// <summary>The folder of a result.</summary>
    /// <exception cref="InvalidInputException">It does not exist.</exception>
    public static string FolderOf(string output)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(output))!;
        return Directory.Exists(folder)
            ? folder
            : throw new InvalidInputException($"the folder '{folder}' of --output does not exist; make it first");
    }

    /// <summary>Checks the name of a network to write.</summary>
    /// <exception cref="InvalidInputException">It has another extension.</exception>
    public static void CheckName(string to)
    {
        if (!to.EndsWith(".npz", StringComparison.OrdinalIgnoreCase))
            throw new InvalidInputException($"cannot write '{to}': expected a name that ends with .npz");
    }

    /// <summary>The format of numbers.</summary>
    /// <exception cref="InvalidInputException">Both formats are given.</exception>
    public NumberFormat Format(ParseResult parse) => (parse.GetValue(Half), parse.GetValue(EightBit)) switch
    {
        (true, true) => throw new InvalidInputException("--half and --eight-bit were both given; give one of them"),
        (true, false) => NumberFormat.Float16,
        (false, true) => NumberFormat.EightBit,
        _ => NumberFormat.Float32,
    };
}
