using System.Net;
using NeuralStyle.Imaging;

namespace NeuralStyle.Cli.Pages;

/// <summary>Pieces of HTML. Text from outside goes through <see cref="Text"/> or <see cref="Address"/>.</summary>
internal static class Html
{
    /// <summary>Text for use between tags and in quoted attributes.</summary>
    public static string Text(string text) => WebUtility.HtmlEncode(text);

    /// <summary>A relative path as the address of a link: every character but letters, digits and slashes is escaped.</summary>
    public static string Address(string relativePath) =>
        string.Join('/', relativePath.Split(Path.DirectorySeparatorChar, '/').Select(Uri.EscapeDataString));

    /// <summary>A picture as a data address.</summary>
    public static string Data(EncodedPicture picture) => $"data:{EncodedPicture.MediaType};base64,{Convert.ToBase64String(picture.Bytes)}";

    /// <summary>A table whose first row is its head; cells are HTML.</summary>
    public static string Table(IReadOnlyList<string> head, IEnumerable<IReadOnlyList<string>> rows) =>
        $"<div class=\"scroll\"><table><thead><tr>{Cells("th", head)}</tr></thead><tbody>\n"
            + $"{string.Concat(rows.Select(row => $"<tr>{Cells("td", row)}</tr>\n"))}</tbody></table></div>\n";

    private static string Cells(string tag, IEnumerable<string> cells) => string.Concat(cells.Select(cell => $"<{tag}>{cell}</{tag}>"));
}
