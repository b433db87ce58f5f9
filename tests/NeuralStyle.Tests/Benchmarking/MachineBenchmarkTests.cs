using NeuralStyle.Benchmarking;
using NeuralStyle.Imaging;
using NeuralStyle.Memory;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;
using static TorchSharp.torch;

namespace NeuralStyle.Tests.Benchmarking;

public sealed class MachineBenchmarkTests
{
    private static readonly BenchmarkPlan Tiny = new([32, 64], 1, 64);

    [Fact]
    public void A_tiny_network_is_measured_and_runs_are_estimated()
    {
        var report = new MachineBenchmark(TinyNetworks.Random(), Tiny, CPU, new MemorySettings(4L << 30)).Run();
        Assert.Equal([32, 64], report.Evaluations.Select(row => row.Width));
        Assert.All(report.Evaluations,
            row => Assert.Equal(row.Gigaflop / row.Seconds, row.GigaflopPerSecond, row.GigaflopPerSecond * 1e-9));
        Assert.All(report.Evaluations,
            row => Assert.Equal(row.GigaflopPerSecond / report.PeakGigaflopPerSecond, row.ShareOfPeak, row.ShareOfPeak * 1e-9));
        Assert.Equal(Presets.All.Select(preset => preset.Name), report.Estimates.Select(estimate => estimate.Preset));
        foreach (var estimate in report.Estimates)
        {
            var seconds = estimate.Seconds.Values.OfType<double>().ToArray();
            Assert.Equal(seconds.Order(), seconds);
            Assert.True(seconds.Length >= 3 && seconds[0] > 0, $"{estimate.Preset}: {string.Join(' ', seconds)}");
        }
        Assert.True(report.MegapixelsWhole > 0 && report.MegapixelsInTiles > report.MegapixelsWhole);
    }

    [Fact]
    public void What_does_not_fit_is_neither_measured_nor_estimated()
    {
        var report = new MachineBenchmark(TinyNetworks.Random(), new BenchmarkPlan([32, 2048], 1, 64), CPU, new MemorySettings(400L << 20))
            .Run();
        Assert.Equal(32, Assert.Single(report.Evaluations).Width);
        Assert.NotNull(report.Estimates[0].Seconds[512]);
        Assert.Null(report.Estimates[0].Seconds[4096]);
    }

    [Fact]
    public void What_fits_is_what_a_run_would_take()
    {
        using var network = new VggNetwork(TinyNetworks.Random(), new NetworkOptions());
        var (settings, memory) = (new StyleSettings(), new MemorySettings(2L << 30));
        var capacity = Capacity.Of(network, settings, memory.Budget!.Value);
        MemoryPlan Plan(int side) =>
            new MemoryPlanner(network, settings, memory).Plan(new PixelSize(side, side), new PixelSize(side, side));
        Assert.False(Plan(capacity.Whole).IsTiled);
        Assert.True(Plan(capacity.Whole + 1).IsTiled);
        Assert.True(Plan(capacity.InTiles).IsTiled);
        Assert.Throws<InvalidInputException>(() => Plan(capacity.InTiles + 1));
    }

    [Theory]
    [InlineData(31, 0)]
    [InlineData(32, 32)]
    [InlineData(1000, 1000)]
    [InlineData(100_000, SettingsLimits.LargestSize)]
    public void The_largest_side_is_found(int limit, int expected) => Assert.Equal(expected, Capacity.Largest(side => side <= limit));
}
