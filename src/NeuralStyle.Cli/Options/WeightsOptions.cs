using System.CommandLine;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;
using NeuralStyle.Weights;

namespace NeuralStyle.Cli.Options;

/// <summary>The options that several of the weights commands have in common.</summary>
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

    public void AddTo(Command command)
    {
        command.Options.Add(Preprocessing);
        command.Options.Add(Padding);
        AddFormatTo(command);
    }

    public WeightsOverrides Bind(ParseResult parse) => new(
        parse.GetValue(Preprocessing) is { } name ? PreprocessingNames.Parse(name) : null,
        parse.GetValue(Padding));

    /// <summary>Adds the options that say how numbers are written, and no others.</summary>
    public void AddFormatTo(Command command)
    {
        command.Options.Add(Half);
        command.Options.Add(EightBit);
    }

    /// <summary>Whether a weights file made from another can be written under a name.</summary>
    /// <exception cref="InvalidInputException">It has another extension, or is the file that it is made from.</exception>
    public static void CheckOutput(string from, string to)
    {
        if (!to.EndsWith(".npz", StringComparison.OrdinalIgnoreCase))
            throw new InvalidInputException($"cannot write '{to}': expected a name that ends with .npz");
        if (Path.GetFullPath(from) == Path.GetFullPath(to))
            throw new InvalidInputException($"'{to}' is the input itself; name another file");
    }

    /// <summary>How numbers are written.</summary>
    /// <exception cref="InvalidInputException">Both formats are asked for.</exception>
    public NumberFormat Format(ParseResult parse) => (parse.GetValue(Half), parse.GetValue(EightBit)) switch
    {
        (true, true) => throw new InvalidInputException("--half and --eight-bit exclude one another; choose one"),
        (true, false) => NumberFormat.Float16,
        (false, true) => NumberFormat.EightBit,
        _ => NumberFormat.Float32,
    };
}
