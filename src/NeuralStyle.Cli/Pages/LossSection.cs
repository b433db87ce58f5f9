using System.Globalization;
using NeuralStyle.Runs;

namespace NeuralStyle.Cli.Pages;

/// <summary>The losses of a run: curves of the parts and of their layers, and the last values.</summary>
internal static class LossSection
{
    public static string Render(LossHistory history)
    {
        if (history.Points.Count == 0) return "<p>No iteration was taken.</p>\n";
        var bands = history.Timings().Select(timing => new Band($"{timing.Size}", timing.Iterations)).ToArray();
        var losses = history.Points.Select(point => point.Losses).ToArray();
        return "<p>Each with its weight, as the optimiser sees it, over the iterations of all scales.</p>\n"
            + LossCharts.Render(bands, losses)
            + "<details><summary>last values</summary>" + LastValues(losses[^1]) + "</details>\n";
    }

    private static string LastValues(LossReport losses)
    {
        var rows = losses.Terms.Zip(losses.Raw).Select(pair => (IReadOnlyList<string>)
        [
            Html.Text(pair.First.Name), Number(pair.Second), Number(pair.First.Weight), Number(pair.First.Weight * pair.Second),
        ]);
        return Html.Table(["term", "value", "weight", "value · weight"], rows.Append(["<b>total</b>", "", "", Number(losses.Total)]));
    }

    private static string Number(double value) => value.ToString("G6", CultureInfo.InvariantCulture);
}
