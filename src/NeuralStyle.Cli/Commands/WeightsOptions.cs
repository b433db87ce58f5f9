using System.CommandLine;
using NeuralStyle.Vgg;
using NeuralStyle.Weights;

namespace NeuralStyle.Cli.Commands;

/// <summary>What several of the weights commands have in common: options and the way sizes are written.</summary>
internal sealed class WeightsOptions
{
    public Option<string?> Preprocessing { get; } = new("--preprocessing")
    {
        Description = $"how pictures enter the network, against what the file says: {string.Join(", ", PreprocessingNames.All.Select(pair => pair.Name))}",
        HelpName = "NAME",
    };

    public Option<PaddingMode?> Padding { get; } = new("--padding") { Description = "the padding to note in the file: zero, replicate, reflect", HelpName = "MODE" };

    public Option<bool> Half { get; } = new("--half") { Description = "write float16: half the size" };

    public void AddTo(Command command)
    {
        command.Options.Add(Preprocessing);
        command.Options.Add(Padding);
        command.Options.Add(Half);
    }

    public WeightsOverrides Bind(ParseResult parse) => new(
        parse.GetValue(Preprocessing) is { } name ? PreprocessingNames.Parse(name) : null,
        parse.GetValue(Padding));

    /// <summary>A number of bytes for people: <c>80 MB</c>.</summary>
    public static string Size(long bytes) => bytes switch
    {
        < 10_000 => $"{bytes} bytes",
        < 10_000_000 => $"{(bytes + 500) / 1000} KB",
        _ => $"{(bytes + 500_000) / 1_000_000} MB",
    };

    /// <summary>Rows in columns as wide as they need to be.</summary>
    public static void WriteTable(TextWriter output, IReadOnlyList<string[]> rows)
    {
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows) output.WriteLine("  " + string.Join("  ", row.Zip(widths, (cell, width) => cell.PadRight(width))).TrimEnd());
    }
}
