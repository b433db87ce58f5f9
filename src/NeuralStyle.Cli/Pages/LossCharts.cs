using NeuralStyle.Evaluation;
using NeuralStyle.Runs;

namespace NeuralStyle.Cli.Pages;

/// <summary>The charts of a run's losses, for the report and the live preview: the total and its parts, then each layer.</summary>
internal static class LossCharts
{
    /// <summary>The parts of a total loss and their names, in the order in which they are shown.</summary>
    internal static IReadOnlyList<(TermKind Kind, string Name)> Parts { get; } = [(TermKind.Style, "style"), (TermKind.Nearest, "nearest"),
        (TermKind.Content, "content"), (TermKind.TotalVariation, "total variation"), (TermKind.Photorealism, "photorealism"),
        (TermKind.Temporal, "temporal")];

    /// <summary>The charts as HTML; each loss is weighted, as for the optimiser.</summary>
    /// <param name="bands">The scales.</param>
    /// <param name="points">Losses of iterations, of all scales.</param>
    /// <param name="every">Iterations between two points.</param>
    public static string Render(IReadOnlyList<Band> bands, IReadOnlyList<LossReport> points, int every = 1)
    {
        if (points.Count == 0) return "";
        var terms = points[^1].Terms;
        var parts = new List<Series> { new("total", points.Select(point => point.Total).ToArray()) };
        foreach (var (kind, name) in Parts)
        {
            if (terms.Any(term => term.Kind == kind)) parts.Add(new Series(name, Weighted(points, term => term.Kind == kind)));
        }
        var content = Each(TermKind.Content);
        return Chart("Total loss and its parts", parts)
            + Chart("Style by layer", Each(TermKind.Style))
            + Chart("Nearest by layer", Each(TermKind.Nearest))
            + (content.Length > 1 ? Chart("Content by layer", content) : "");

        Series[] Each(TermKind kind) => terms.Where(term => term.Kind == kind)
            .Select(term => new Series(term.Name, Weighted(points, other => other.Name == term.Name))).ToArray();

        string Chart(string title, IReadOnlyList<Series> series) => series.Count == 0
            ? ""
            : $"<figure><figcaption>{Html.Text(title)}</figcaption>\n"
                + $"{SvgChart.Render(title, bands, series, every)}{SvgChart.Legend(series)}</figure>\n";
    }

    /// <summary>One value for each point: the weighted sum of the terms that are wanted; NaN where there are none.</summary>
    internal static double[] Weighted(IEnumerable<LossReport> points, Func<TermInfo, bool> wanted) => points.Select(point =>
    {
        var terms = point.Terms.Zip(point.Raw).Where(pair => wanted(pair.First)).ToArray();
        return terms.Length == 0 ? double.NaN : terms.Sum(pair => pair.First.Weight * pair.Second);
    }).ToArray();
}
