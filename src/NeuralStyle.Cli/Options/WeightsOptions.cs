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
        parse.GetValue(Preprocessing) is { } name ? PreprocessingNames.Parse(name) : null,
        parse.GetValue(Padding));

    /// <summary>Adds only the options about the format of numbers.</summary>
    public void AddFormatTo(Command command)
    {
        command.Options.Add(Half);
        command.Options.Add(EightBit);
    }

    /// <summary>Checks the name of a weights file made from another one.</summary>
    /// <exception cref="InvalidInputException">It is the file that it is made from, or is to stay.</exception>
    /// <param name="from">What it is made from.</param>
    /// <param name="to">The file to write.</param>
    /// <param name="keep">Whether a file that is there stays.</param>
    /// <param name="error">Told when it will be replaced.</param>
    public static void CheckOutput(string from, string to, bool keep, TextWriter error)
    {
        new FileUses().Reads("the network", from).Writes("the result", to).Check();
        EarlierResult.Meet(to, keep, error);
    }

    /// <summary>The file of weights that a command names: a path, or the name of an installed network.</summary>
    /// <exception cref="InvalidInputException">Neither is there, or it is the built-in network, which is no file.</exception>
    public static string FileOf(string asked, WeightsLocator? locator) => (locator ?? new WeightsLocator()).Locate(asked).Path
        ?? throw new InvalidInputException(
            $"'{asked}' is the built-in network, which is part of nst and no file; name a file, or a network from 'nst weights list'");

    /// <summary>Whether a file has the name of a network that can be written.</summary>
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
