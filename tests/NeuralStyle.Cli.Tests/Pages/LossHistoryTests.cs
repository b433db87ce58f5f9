using NeuralStyle.Cli.Pages;
using NeuralStyle.Evaluation;
using NeuralStyle.Imaging;
using NeuralStyle.Runs;
using NeuralStyle.Vgg;

namespace NeuralStyle.Cli.Tests.Pages;

public sealed class LossHistoryTests
{
    private static readonly TermInfo[] Terms = [new(TermKind.Content, new VggLayer(4, 2), 0.5), new(TermKind.Style, new VggLayer(1, 1), 2),
        new(TermKind.Style, new VggLayer(2, 1), 3)];

    [Fact]
    public void Each_scale_takes_the_time_from_the_end_of_the_one_before()
    {
        var history = new LossHistory();
        foreach (var (scale, iteration, seconds) in ((int, int, double)[])[(0, 1, 1), (0, 2, 2), (1, 1, 5), (1, 2, 7)])
            history.Report(At(scale, iteration, seconds));
        Assert.Equal([new ScaleTiming(new PixelSize(32, 24), 2, 2), new ScaleTiming(new PixelSize(64, 48), 2, 5)], history.Timings());
        Assert.False(history.Resumed);
    }

    [Fact]
    public void Of_a_run_that_went_on_only_what_was_seen_counts()
    {
        var history = new LossHistory();
        history.Report(At(1, 5, 100));
        history.Report(At(1, 6, 104));
        Assert.True(history.Resumed);
        Assert.Equal([new ScaleTiming(new PixelSize(64, 48), 2, 4)], history.Timings());
    }

    [Fact]
    public void Terms_are_weighted_and_added()
    {
        var points = At(0, 1, 1).Losses;
        Assert.Equal([2 * 10 + 3 * 100], LossCharts.Weighted(points, term => term.Kind == TermKind.Style));
        Assert.Equal([0.5], LossCharts.Weighted(points, term => term.Kind == TermKind.Content));
        Assert.True(double.IsNaN(LossCharts.Weighted(points, term => term.Kind == TermKind.TotalVariation)[0]));
    }

    [Fact]
    public void The_live_curves_of_a_long_run_are_thinned_and_cover_all_of_it()
    {
        var curves = new LossCurves();
        for (var i = 1; i <= 9000; i++) curves.Add(At(i <= 4000 ? 0 : 1, i, i));
        Assert.Equal((9000, 8), (curves.Count, curves.Every));
        Assert.InRange(curves.Points.Count, 1000, 2000);
        Assert.Equal([new Band("32x24", 4000), new Band("64x48", 5000)], curves.Bands);
        var html = LossCharts.Render(curves.Bands, curves.Points, curves.Every);
        Assert.Contains(">4000</text>", html);
        Assert.Contains(">9000 iterations</text>", html);
        Assert.Equal(3 + 2, System.Text.RegularExpressions.Regex.Count(html, "<polyline"));
    }

    private static RunProgress At(int scale, int iteration, double seconds) => new()
    {
        Scale = scale, Scales = 2, Size = new PixelSize(32 << scale, 24 << scale), Iteration = iteration, Iterations = 9, Fraction = 0.5,
            Seconds = seconds,
        Losses = [new LossReport(iteration, seconds, 320.5, Terms, [1, 10, 100])],
    };
}
