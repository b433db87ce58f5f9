using System.Xml.Linq;
using NeuralStyle.Cli.Pages;

namespace NeuralStyle.Cli.Tests.Pages;

public sealed class SvgChartTests
{
    private static readonly Band[] Bands = [new("64x48", 2), new("128x96", 2)];

    [Fact]
    public void A_line_falls_by_equal_steps_when_its_values_fall_by_equal_ratios()
    {
        var points = Points(SvgChart.Render("loss", Bands, [new Series("total", [1000, 100, 10, 1])]));
        Assert.Equal(4, points.Length);
        for (var i = 1; i < 4; i++) Assert.Equal(points[1].Y - points[0].Y, points[i].Y - points[i - 1].Y, 0.2);
        Assert.True(points[0].Y < points[3].Y && points[0].X < points[3].X);
    }

    [Fact]
    public void Values_that_a_logarithm_does_not_know_leave_a_gap()
    {
        double[] values = [3, 2, double.NaN, 0, -1, 5, double.PositiveInfinity];
        Assert.Equal([[0, 1], [5]], SvgChart.Pieces(values));
        Assert.Equal("", SvgChart.Render("loss", Bands, [new Series("none", [0, double.NaN])]));
    }

    [Fact]
    public void Long_runs_are_thinned_and_keep_their_ends()
    {
        var piece = Assert.Single(SvgChart.Pieces(Enumerable.Repeat(1.0, 100_001).ToArray()));
        Assert.InRange(piece.Count, 300, 1300);
        Assert.Equal((0, 100_000), (piece[0], piece[^1]));
    }

    [Theory]
    [InlineData(1e-30, 1e-30)]
    [InlineData(1e-12, 1e12)]
    [InlineData(0.9, 1.1)]
    public void Any_range_is_drawn_within_the_frame(double low, double high)
    {
        var chart = SvgChart.Render("loss", Bands, [new Series("a", [high, low, high, low])]);
        foreach (var (x, y) in Points(chart)) Assert.True(x is >= 64 and <= 848 && y is >= 25.9 and <= 268.1, $"{x},{y}");
        Assert.InRange(XElement.Parse(chart).Elements("line").Count(), 1, 16);
    }

    [Fact]
    public void Names_are_escaped()
    {
        var chart = SvgChart.Render("<t>", [new("\"&", 1)], [new Series("<s>", [1, 2])]);
        Assert.Equal("<s>", XElement.Parse(chart).Element("polyline")!.Element("title")!.Value);
        Assert.Contains("&lt;s&gt;", SvgChart.Legend([new Series("<s>", [1])]));
    }

    private static (double X, double Y)[] Points(string chart) =>
        XElement.Parse(chart).Element("polyline")!.Attribute("points")!.Value.Split(' ')
        .Select(point => point.Split(',').Select(double.Parse).ToArray()).Select(pair => (pair[0], pair[1])).ToArray();
}
