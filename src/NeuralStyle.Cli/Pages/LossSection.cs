using System.Globalization;
using NeuralStyle.Evaluation;
using NeuralStyle.Runs;

namespace NeuralStyle.Cli.Pages;

/// <summary>The losses of a run: curves of the parts and of their layers, and the last values.</summary>
internal static class LossSection
{
    public static string Render(LossHistory history)
    {
        if (history.Points.Count == 0) return "<p>No iteration was taken.</p>\n";
        var terms = history.Points[^1].Losses.Terms;
        var bands = history.Timings().Select(timing => new Band($"{timing.Size}", timing.Iterations)).ToArray();
        Series Of(string name, Func<TermInfo, bool> wanted) => new(name, history.Weighted(wanted));
        Series[] Each(TermKind kind) => terms.Where(term => term.Kind == kind).Select(term => Of(term.Name, other => other.Name == term.Name)).ToArray();

        var parts = new List<Series> { new("total", history.Points.Select(point => point.Losses.Total).ToArray()) };
        foreach (var (kind, name) in ((TermKind, string)[])[(TermKind.Style, "style"), (TermKind.Content, "content"), (TermKind.TotalVariation, "total variation")])
        {
            if (terms.Any(term => term.Kind == kind)) parts.Add(Of(name, term => term.Kind == kind));
        }
        var content = Each(TermKind.Content);
        return "<p>Each with its weight, as the optimiser sees it, over the iterations of all scales.</p>\n"
            + Chart("The whole and its parts", parts)
            + Chart("Style by layer", Each(TermKind.Style))
            + (content.Length > 1 ? Chart("Content by layer", content) : "")
            + "<details><summary>last values</summary>" + LastValues(history.Points[^1].Losses) + "</details>\n";

        string Chart(string title, IReadOnlyList<Series> series) => series.Count == 0 ? "" : $"<figure><figcaption>{Html.Text(title)}</figcaption>\n{SvgChart.Render(title, bands, series)}{SvgChart.Legend(series)}</figure>\n";
    }

    private static string LastValues(LossReport losses) => Html.Table(["term", "value", "weight", "value · weight"], losses.Terms.Zip(losses.Raw).Select(pair => (IReadOnlyList<string>)
    [
        Html.Text(pair.First.Name), Number(pair.Second), Number(pair.First.Weight), Number(pair.First.Weight * pair.Second),
    ]).Append(["<b>total</b>", "", "", Number(losses.Total)]));

    private static string Number(double value) => value.ToString("G6", CultureInfo.InvariantCulture);
}
