using NeuralStyle.Cli.Jobs;
using Spectre.Console;

namespace NeuralStyle.Cli.Progress;

/// <summary>Numbers and tables as text.</summary>
internal static class TextTable
{
    private const int Width = 4096; // tables are never wrapped: a terminal does that itself

    /// <summary>A number of bytes as text: <c>80 MB</c>.</summary>
    public static string Size(long bytes) => bytes switch
    {
        < 10_000 => $"{bytes} bytes",
        < 10_000_000 => $"{(bytes + 500) / 1000} KB",
        _ => $"{(bytes + 500_000) / 1_000_000} MB",
    };

    /// <summary>Rows in columns as wide as they need to be.</summary>
    /// <param name="output">Receives the table.</param>
    /// <param name="rows">The cells, plain text.</param>
    /// <param name="rightFrom">The first right-aligned column; none by default.</param>
    /// <param name="indent">Spaces before each row.</param>
    public static void Write(TextWriter output, IReadOnlyList<string[]> rows, int rightFrom = int.MaxValue, int indent = 2)
    {
        var table = new Table().NoBorder().HideHeaders();
        foreach (var index in Enumerable.Range(0, rows[0].Length))
        {
            var column = new TableColumn("").NoWrap().PadLeft(0).PadRight(2);
            table.AddColumn(index >= rightFrom ? column.RightAligned() : column);
        }
        foreach (var row in rows) table.AddRow(row.Select(cell => new Text(Printable.Of(cell))));
        var text = new StringWriter();
        Plain(text).Write(table);
        foreach (var line in text.ToString().ReplaceLineEndings("\n").TrimEnd('\n').Split('\n'))
            output.WriteLine((new string(' ', indent) + line).TrimEnd());
    }

    private static IAnsiConsole Plain(TextWriter output)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        console.Profile.Width = Width;
        return console;
    }
}
