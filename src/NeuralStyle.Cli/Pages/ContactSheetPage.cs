using System.Globalization;
using System.Text;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Runs;

namespace NeuralStyle.Cli.Pages;

/// <summary>Facts for the head of a contact sheet.</summary>
/// <param name="Weights">Name of the network's weights.</param>
/// <param name="Seconds">Duration of the batch.</param>
/// <param name="CommandLine">The command line as typed; null if unknown.</param>
internal sealed record SheetFacts(string Weights, double Seconds, string? CommandLine);

/// <summary>The HTML of a contact sheet.</summary>
internal static class ContactSheetPage
{
    private const string Left = "left";

    /// <summary>The page.</summary>
    /// <param name="entries">Every picture of the plan.</param>
    /// <param name="facts">For the head.</param>
    /// <param name="link">The address of a picture's result, relative to the page.</param>
    /// <param name="grid">The table, where the plan is one.</param>
    public static string Render(IReadOnlyList<(BatchItem Item, SheetEntry Entry)> entries, SheetFacts facts, Func<BatchItem, string> link,
        ContactGrid grid)
    {
        var counts = entries.CountBy(entry => Word(entry.Entry)).ToDictionary();
        string[] outcomes = [.. ((string[])["made", "up to date", "failed", Left]).Where(counts.ContainsKey)];
        var styles = entries.Select(entry => StyleOf(entry.Item)).Distinct().Order(StringComparer.Ordinal).ToArray();
        var html = new StringBuilder();
        Append(html, $"<header><h1>{entries.Count} picture{(entries.Count == 1 ? "" : "s")}</h1><p class=\"chips\">");
        foreach (var outcome in outcomes) Append(html, $"<span>{counts[outcome]} {outcome}</span>");
        Append(html, $"<span>{Duration.WithUnit(facts.Seconds)}</span><span>weights {Html.Text(facts.Weights)}</span>");
        Append(html, $"<span>nst {Html.Text(RunRecord.CurrentVersion)}</span></p></header>\n<main>\n");

        var failures = entries.Where(entry => entry.Entry.Outcome?.Kind == OutcomeKind.Failed).ToArray();
        if (failures.Length > 0)
        {
            Append(html, $"<section><h2>What failed</h2>\n");
            html.Append(Html.Table(["picture", "why"], failures.Select(failure =>
                (IReadOnlyList<string>)[Html.Text(failure.Item.Name), Html.Text(failure.Entry.Outcome!.Reason ?? "")])));
            Append(html, $"</section>\n");
        }

        Append(html, $"<div class=\"filters\"><input type=\"search\" placeholder=\"name\" aria-label=\"name\">");
        Append(html, $"{Choice("outcome", outcomes)}{Choice("style", styles)}<output></output></div>\n");
        var items = entries.Select(entry => entry.Item).ToArray();
        if (ContactGrid.Fits(items))
        {
            var found = entries.ToDictionary(entry => entry.Item, entry => entry.Entry);
            html.Append(grid.Render(items, item => Card(item, found[item], link)));
        }
        else
        {
            Append(html, $"<div class=\"sheet\">\n");
            foreach (var (item, entry) in entries) html.Append(Card(item, entry, link));
            Append(html, $"</div>\n");
        }
        if (facts.CommandLine is { } command)
            Append(html, $"<section><h2>The command</h2>\n<div class=\"command\"><pre>{Html.Text(command)}</pre></div></section>\n");
        Append(html, $"</main>\n");
        return Page.Render($"{entries.Count} pictures · nst", html.ToString(), "sheet.js");
    }

    private static string Card(BatchItem item, SheetEntry entry, Func<BatchItem, string> link)
    {
        var html = new StringBuilder();
        var (tag, address) = entry.Size is null ? ("div", "") : ("a", $" href=\"{link(item)}\"");
        var word = Word(entry);
        var picture = entry.Thumbnail is { } thumbnail
            ? $"<img alt=\"\" loading=\"lazy\" decoding=\"async\" src=\"{Html.Data(thumbnail)}\">"
            : Html.Text(word);
        var time = entry.Outcome?.Seconds is { } seconds ? Duration.WithUnit(seconds) : null;
        var details = string.Join(" · ", ((string?[])[word, entry.Size?.ToString(), time]).OfType<string>());
        var style = Html.Text(StyleOf(item));
        Append(html, $"<{tag} class=\"card\"{address} title=\"{Html.Text(entry.Outcome?.Reason ?? item.Name)}\" ");
        Append(html, $"data-outcome=\"{word}\" data-style=\"{style}\" data-name=\"{Html.Text(item.Name)}\">");
        Append(html, $"<div class=\"picture\">{picture}</div>");
        Append(html, $"<div class=\"words\">{Html.Text(Path.GetFileName(item.Content))}<span>{style}</span>");
        Append(html, $"<span class=\"state\">{details}</span></div></{tag}>\n");
        return html.ToString();
    }

    private static string Choice(string name, IReadOnlyCollection<string> values)
    {
        if (values.Count < 2) return "";
        var options = values.Select(Html.Text).Select(value => $"<option value=\"{value}\">{value}</option>");
        return $"<select data-by=\"{name}\" aria-label=\"{name}\"><option value=\"\">every {name}</option>"
            + $"{string.Concat(options)}</select>";
    }

    private static string Word(SheetEntry entry) => entry.Outcome?.Word ?? Left;

    private static string StyleOf(BatchItem item) => string.Join(" + ", item.Styles.Select(style => Path.GetFileName(style)));

    private static void Append(StringBuilder html, FormattableString piece) => html.Append(piece.ToString(CultureInfo.InvariantCulture));
}
