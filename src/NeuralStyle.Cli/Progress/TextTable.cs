namespace NeuralStyle.Cli.Progress;

/// <summary>Numbers and tables as text for people.</summary>
internal static class TextTable
{
    /// <summary>A number of bytes for people: <c>80 MB</c>.</summary>
    public static string Size(long bytes) => bytes switch
    {
        < 10_000 => $"{bytes} bytes",
        < 10_000_000 => $"{(bytes + 500) / 1000} KB",
        _ => $"{(bytes + 500_000) / 1_000_000} MB",
    };

    /// <summary>Rows in columns as wide as they need to be.</summary>
    public static void Write(TextWriter output, IReadOnlyList<string[]> rows)
    {
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows) output.WriteLine("  " + string.Join("  ", row.Zip(widths, (cell, width) => cell.PadRight(width))).TrimEnd());
    }
}
