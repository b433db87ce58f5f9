using System.Globalization;
using System.Text;

namespace NeuralStyle.Cli.Jobs;

/// <summary>
/// Text from file names, servers, pictures and checkpoints, made safe for a terminal: control characters, which could move its cursor or
/// change its title, and characters that turn the direction of text round are shown as their codes.
/// </summary>
internal static class Printable
{
    /// <summary>The text in one line, or in its lines.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="lines">Whether its line ends stay.</param>
    public static string Of(string text, bool lines = false)
    {
        if (!text.Any(character => IsUnsafe(character, lines))) return text;
        var safe = new StringBuilder(text.Length + 16);
        foreach (var character in text)
        {
            if (IsUnsafe(character, lines)) safe.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
            else safe.Append(character);
        }
        return safe.ToString();
    }

    /// <summary>The text as a cell of a table whose columns are separated by tabs.</summary>
    public static string Cell(string text) => Of(text).Replace("\t", @"\u0009", StringComparison.Ordinal);

    /// <summary>The name of a result, alone in its line: unchanged for a program that reads it, safe for a terminal.</summary>
    public static string Result(string path) => Console.IsOutputRedirected ? path : Of(path);

    private static bool IsUnsafe(char character, bool lines) => character switch
    {
        '\n' => !lines,
        '\t' => false,
        >= '\u202a' and <= '\u202e' or >= '\u2066' and <= '\u2069' or '\u2028' or '\u2029' or '\u200e' or '\u200f' or '\u061c' => true,
        _ => char.IsControl(character),
    };
}
