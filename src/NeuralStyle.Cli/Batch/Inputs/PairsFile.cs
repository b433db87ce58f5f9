using NeuralStyle.Cli.Options;
using NeuralStyle.Runtime.Files;

namespace NeuralStyle.Cli.Batch.Inputs;

/// <summary>The file of <c>--pairs</c>: CSV with the columns content, style, output and any option by its name.</summary>
internal static class PairsFile
{
    public const string Content = "content", Style = "style", Output = "output", Error = "error";

    /// <summary>Separates several styles in one field.</summary>
    public const char Several = OptionTexts.Several;

    /// <summary>Reads the pairs; relative paths start from the file's folder.</summary>
    public static IReadOnlyList<PlannedPair> Load(string path, PictureOptions options)
    {
        if (Directory.Exists(path)) throw new InvalidInputException($"--pairs '{path}' is a folder; expected a file");
        FileFailure.CheckReachable(path);
        return Parse(File.Exists(path) ? TextFile.Read(path) : throw new InvalidInputException($"--pairs '{path}' does not exist"), path,
            options);
    }

    /// <summary>Reads the pairs.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="path">Its path, for messages and for relative paths.</param>
    /// <param name="options">The options that columns may name.</param>
    /// <exception cref="InvalidInputException">A column is missing, double or unknown, or a row has no content or style.</exception>
    public static IReadOnlyList<PlannedPair> Parse(string text, string path, PictureOptions options)
    {
        var records = Csv.Parse(text, path);
        if (records.Count == 0)
            throw new InvalidInputException($"--pairs '{path}' is empty; expected a first line with the columns content,style,output");
        if (!records[0].Any(header => header.Trim().ToLowerInvariant() is Content or Style))
            throw new InvalidInputException($"--pairs '{path}' begins with '{records[0][0]}', which is no name of a column; expected "
                + "a first line with the columns content,style,output");
        var columns = records[0].Select(header => Column(header.Trim(), options)).ToArray();
        foreach (var needed in (string[])[Content, Style])
        {
            if (!columns.Contains(needed))
                throw new InvalidInputException(
                    $"--pairs '{path}' has no column '{needed}'; expected a first line with the columns content,style,output");
        }
        if (columns.GroupBy(column => column).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new InvalidInputException($"--pairs '{path}' has the column '{twice.Key}' twice");
        var folder = Path.GetDirectoryName(path) ?? "";
        return records.Skip(1).Index()
            .Where(row => row.Item.Any(field => field.Trim().Length > 0)) // spreadsheets write separators for empty rows
            .Select(row => Row(row.Item, columns, options, folder, $"--pairs '{path}' row {row.Index + 1}"))
            .ToArray();
    }

    private static string Column(string header, PictureOptions options) =>
        header.ToLowerInvariant() is Content or Style or Output or Error
            ? header.ToLowerInvariant()
            : options.Canonical(header, [Content, Style, Output]);

    private static PlannedPair Row(IReadOnlyList<string> record, IReadOnlyList<string> columns, PictureOptions options, string folder,
        string where)
    {
        if (record.Count > columns.Count)
            throw new InvalidInputException(
                $"{where} has {record.Count} fields for {columns.Count} columns; put fields with commas in double quotes");
        var cells = columns.Zip(record)
            .Where(cell => cell.Second.Trim().Length > 0)
            .ToDictionary(cell => cell.First, cell => cell.Second.Trim());
        var content = cells.GetValueOrDefault(Content) ?? throw new InvalidInputException($"{where} names no content");
        var styles = cells.GetValueOrDefault(Style)?.Split(Several, StringSplitOptions.TrimEntries)
            ?? throw new InvalidInputException($"{where} names no style");
        if (styles.Contains("")) throw new InvalidInputException($"{where} has an empty style beside a {Several}; leave it out");
        return new PlannedPair(Path.Combine(folder, content), styles.Select(style => Path.Combine(folder, style))
            .ToArray(), cells.GetValueOrDefault(Output),
            cells.Where(cell => cell.Key.StartsWith('-'))
                .ToDictionary(cell => cell.Key, cell => options.Located(cell.Key, cell.Value, file => Path.Combine(folder, file))));
    }
}
