using System.Text;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Imaging;

namespace NeuralStyle.Cli.Pages;

/// <summary>The table of a contact sheet: a row for each photo, a column for each style, with thumbnails of both.</summary>
/// <param name="thumbnail">The thumbnail of an input; null where it cannot be read.</param>
internal sealed class ContactGrid(Func<string, EncodedPicture?> thumbnail)
{
    private const int Least = 2; // rows and columns; less is no table

    /// <summary>Whether every photo is painted once in every style, and there are several of both.</summary>
    public static bool Fits(IReadOnlyList<BatchItem> items)
    {
        var (contents, styles) = (items.Select(item => item.Content).Distinct().Count(), items.Select(StylesOf).Distinct().Count());
        return contents >= Least && styles >= Least && items.Count == contents * styles
            && items.Select(item => (item.Content, StylesOf(item))).Distinct().Count() == items.Count;
    }

    /// <summary>The table.</summary>
    /// <param name="items">All pictures of the plan.</param>
    /// <param name="card">The HTML of one.</param>
    public string Render(IReadOnlyList<BatchItem> items, Func<BatchItem, string> card)
    {
        var columns = items.DistinctBy(StylesOf).Select(item => item.Styles).ToArray();
        var cells = items.ToDictionary(item => (item.Content, StylesOf(item)));
        var html = new StringBuilder("<div class=\"scroll\"><table class=\"photos\"><thead><tr><th></th>");
        foreach (var styles in columns) html.Append($"<th>{string.Concat(styles.Select(Input))}</th>");
        html.Append("</tr></thead><tbody>\n");
        foreach (var content in items.Select(item => item.Content).Distinct())
        {
            html.Append($"<tr><th>{Input(content)}</th>");
            foreach (var styles in columns) html.Append($"<td>{card(cells[(content, Joined(styles))])}</td>");
            html.Append("</tr>\n");
        }
        return html.Append("</tbody></table></div>\n").ToString();
    }

    private string Input(string path)
    {
        var image = thumbnail(path) is { } picture ? $"<img alt=\"\" loading=\"lazy\" src=\"{Html.Data(picture)}\">" : "";
        return $"<figure>{image}<figcaption>{Html.Text(Path.GetFileName(path))}</figcaption></figure>";
    }

    private static string StylesOf(BatchItem item) => Joined(item.Styles);

    private static string Joined(IReadOnlyList<string> styles) => string.Join('|', styles);
}
