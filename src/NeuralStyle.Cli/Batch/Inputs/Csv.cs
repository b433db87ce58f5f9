using System.Text;

namespace NeuralStyle.Cli.Batch.Inputs;

/// <summary>Comma-separated values as in RFC 4180: fields in double quotes may hold commas, line ends and doubled quotes.</summary>
internal static class Csv
{
    /// <summary>The records of a text; empty lines are left out.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="name">The file's name, for messages.</param>
    /// <exception cref="InvalidInputException">A quoted field does not end, or goes on behind its closing quote.</exception>
    public static IReadOnlyList<IReadOnlyList<string>> Parse(string text, string name)
    {
        List<IReadOnlyList<string>> records = [];
        List<string> fields = [];
        var field = new StringBuilder();
        var (line, quoted, wasQuoted) = (1, false, false);
        for (var index = 0; index < text.Length; index++)
        {
            var character = text[index];
            if (character == '\n') line++;
            if (quoted)
            {
                if (character != '"') field.Append(character);
                else if (index + 1 < text.Length && text[index + 1] == '"') field.Append(text[index++]);
                else quoted = false;
                continue;
            }
            switch (character)
            {
                case '"' when field.Length == 0 && !wasQuoted:
                    quoted = wasQuoted = true;
                    break;
                case ',':
                    EndField();
                    break;
                case '\n':
                    EndRecord();
                    break;
                case '\r':
                    break;
                default:
                    if (wasQuoted) throw new InvalidInputException($"'{name}' line {line}: text behind a closing quote; double the quotes inside a quoted field");
                    field.Append(character);
                    break;
            }
        }
        if (quoted) throw new InvalidInputException($"'{name}': a quoted field does not end; close it with a double quote");
        EndRecord();
        return records;

        void EndField()
        {
            fields.Add(field.ToString());
            field.Clear();
            wasQuoted = false;
        }

        void EndRecord()
        {
            EndField();
            if (fields.Count > 1 || fields[0].Trim().Length > 0) records.Add([.. fields]);
            fields.Clear();
        }
    }

    /// <summary>One record with its line end.</summary>
    public static string Format(IEnumerable<string> fields) => string.Join(',', fields.Select(Quoted)) + "\n";

    private static string Quoted(string field) =>
        field.AsSpan().IndexOfAny("\",\r\n") < 0 && field == field.Trim() ? field : $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
