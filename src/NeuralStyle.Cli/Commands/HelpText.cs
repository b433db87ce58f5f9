using System.Globalization;

namespace NeuralStyle.Cli.Commands;

/// <summary>Text in two columns, wrapped between words at the width of a terminal.</summary>
internal sealed class HelpText(TextWriter output, int width)
{
    private const int Usual = 80, Narrowest = 40, Widest = 140;

    private int Column => Math.Min(30, width / 3);

    /// <summary>The width: the variable COLUMNS, else the terminal's, else 80.</summary>
    /// <param name="output">Receives the text.</param>
    public static int WidthOf(TextWriter output)
    {
        var variable = Environment.GetEnvironmentVariable("COLUMNS");
        var asked = int.TryParse(variable, NumberStyles.None, CultureInfo.InvariantCulture, out var columns) ? columns : 0;
        if (asked == 0 && ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected) asked = Console.WindowWidth;
        return asked <= 0 ? Usual : Math.Clamp(asked, Narrowest, Widest);
    }

    /// <summary>A line without wrapping.</summary>
    public void Line(string text = "") => output.WriteLine(text);

    /// <summary>A command, indented; further lines are aligned with its arguments.</summary>
    public void Code(string command) => Write("  ", "      ", command);

    /// <summary>A wrapped paragraph.</summary>
    public void Paragraph(string text) => Write("", "", text);

    /// <summary>A name and its description.</summary>
    public void Row(string left, string right)
    {
        var margin = new string(' ', Column);
        var first = $"  {left}";
        if (first.Length <= Column - 2) Write(first.PadRight(Column), margin, right);
        else
        {
            Write("  ", "      ", left);
            Write(margin, margin, right);
        }
    }

    private void Write(string first, string further, string text)
    {
        var (line, isEmpty) = (first, true);
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        foreach (var word in words.SelectMany(word => Broken(word, width - further.Length)))
        {
            if (!isEmpty && line.Length + 1 + word.Length > width)
            {
                output.WriteLine(line);
                (line, isEmpty) = (further, true);
            }
            line += isEmpty ? word : " " + word;
            isEmpty = false;
        }
        output.WriteLine(line.TrimEnd());
    }

    /// <summary>A word that is longer than a line breaks after a bar, a comma or a hyphen, for long lists of values.</summary>
    private static IEnumerable<string> Broken(string word, int most)
    {
        while (word.Length > most)
        {
            var at = word.LastIndexOfAny(['|', ',', '-'], most - 1) + 1;
            if (at <= 0) at = most;
            yield return word[..at];
            word = word[at..];
        }
        yield return word;
    }
}
