using System.Globalization;
using System.Text.RegularExpressions;
using NeuralStyle.Imaging;

namespace NeuralStyle.Cli.Terminal;

/// <summary>The answer of a terminal.</summary>
/// <param name="Sixel">Whether it draws sixel graphics.</param>
/// <param name="Cell">Pixels of a character cell; null if unknown.</param>
internal sealed partial record TerminalReply(bool Sixel, PixelSize? Cell)
{
    /// <summary>
    /// Asks for the size of a cell (one of xterm's window operations; others ignore it), then for the device attributes, which every
    /// terminal answers.
    /// </summary>
    public const string Question = "\e[16t\e[c";

    /// <summary>Ends the answer.</summary>
    public const char End = 'c';

    /// <summary>Reads the answer to <see cref="Question"/>.</summary>
    public static TerminalReply Parse(string text)
    {
        var attributes = Attributes().Match(text);
        var cell = CellSize().Match(text);
        return new TerminalReply(attributes.Success && attributes.Groups[1].Value.Split(';').Skip(1).Contains("4"),
            cell.Success
                && Side(cell, 2) is var width
                && Side(cell, 1) is var height
                && width is >= 2 and <= 200
                && height is >= 2 and <= 400 ? new PixelSize(width, height) : null);
    }

    private static int Side(Match match, int group) =>
        int.TryParse(match.Groups[group].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var side) ? side : 0;

    [GeneratedRegex(@"\e\[\?([0-9;]+)c")]
    private static partial Regex Attributes();

    [GeneratedRegex(@"\e\[6;([0-9]+);([0-9]+)t")]
    private static partial Regex CellSize();
}
