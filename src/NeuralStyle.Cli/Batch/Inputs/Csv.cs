using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace NeuralStyle.Cli.Batch.Inputs;

/// <summary>
/// Tables of text as in RFC 4180: fields in double quotes may hold separators, line ends and doubled quotes. The separator is a comma, or
/// what spreadsheets write where the comma is the decimal point: a semicolon or a tab.
/// </summary>
internal static class Csv
{
    private const string Separators = ",;\t";

    private static readonly System.Buffers.SearchValues<char> s_special = System.Buffers.SearchValues.Create("\",;\t\r\n");

    /// <summary>The records of a text; empty lines are left out.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="name">The file's name, for messages.</param>
    /// <exception cref="InvalidInputException">Quotes are not closed, or text follows a closing quote.</exception>
    public static IReadOnlyList<IReadOnlyList<string>> Parse(string text, string name)
    {
        var (separator, rows) = SeparatorOf(text);
        using var parser = new CsvParser(new StringReader(rows), Configuration(separator, field => throw new InvalidInputException(
            $"'{name}' line {field.Context.Parser?.RawRow}: the quotes of a field do not match; close them, and double those "
                + $"inside")));
        List<IReadOnlyList<string>> records = [];
        while (parser.Read())
        {
            if (parser.Record is { } record && (record.Length > 1 || record[0].Trim().Length > 0)) records.Add(record);
        }
        return records;
    }

    /// <summary>One record with its line end.</summary>
    public static string Format(IEnumerable<string> fields)
    {
        using var text = new StringWriter();
        using var writer = new CsvWriter(text, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            NewLine = "\n",
            ShouldQuote = field => field.Field is { } written && (written.AsSpan().IndexOfAny(s_special) >= 0 || written != written.Trim()),
        });
        foreach (var field in fields) writer.WriteField(field);
        writer.NextRecord();
        writer.Flush();
        return text.ToString();
    }

    private static CsvConfiguration Configuration(char separator, BadDataFound badData) => new(CultureInfo.InvariantCulture)
    {
        Delimiter = separator.ToString(),
        BadDataFound = badData,
        HasHeaderRecord = false,
    };

    /// <summary>
    /// The separator and the text from the names of columns on. The separator is the one that Excel names in a line of its own
    /// (<c>sep=;</c>), else the most frequent in the first line.
    /// </summary>
    private static (char Separator, string Rows) SeparatorOf(string text)
    {
        var line = text.TrimStart().Split(['\r', '\n'], 2)[0];
        if (line.Length == 5 && line.StartsWith("sep=", StringComparison.OrdinalIgnoreCase))
            return (line[4], text.TrimStart()[line.Length..]);
        // the first of equals, so a comma if there are none
        return (Separators.MaxBy(separator => line.Count(character => character == separator)), text);
    }
}
