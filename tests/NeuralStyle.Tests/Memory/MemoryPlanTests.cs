using NeuralStyle.Evaluation;
using NeuralStyle.Evaluation.Tiling;
using NeuralStyle.Imaging;
using NeuralStyle.Memory;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Tests.Memory;

public sealed class MemoryPlanTests
{
    private static readonly PixelSize Large = new(4000, 3000), Style = new(1000, 800);

    [Theory]
    [InlineData("4G", 4L << 30)]
    [InlineData("900M", 900L << 20)]
    [InlineData("1.5g", 3L << 29)]
    [InlineData("4GB", 4L << 30)]
    [InlineData("4gib", 4L << 30)]
    [InlineData("900MiB", 900L << 20)]
    [InlineData("268435456", 256L << 20)]
    public void Amounts_of_memory_are_read(string text, long bytes) => Assert.Equal(bytes, MemoryBudget.Parse("--memory", text));

    [Theory]
    [InlineData("")]
    [InlineData("G")]
    [InlineData("-4G")]
    [InlineData("4X")]
    [InlineData("4")]
    [InlineData("B")]
    [InlineData("GiBB")]
    [InlineData("1M")]
    [InlineData("1e30")]
    [InlineData("nan")]
    public void What_is_no_amount_is_refused(string text) =>
        Assert.Contains("--memory", Assert.Throws<InvalidInputException>(() => MemoryBudget.Parse("--memory", text)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void The_budget_decides_between_whole_tiles_and_refusal()
    {
        using var network = new VggNetwork(TinyNetworks.Random([64, 128, 256, 512, 512]), new NetworkOptions());
        MemoryPlan Plan(long budget) => new MemoryPlanner(network, new StyleSettings(), new MemorySettings(budget)).Plan(Large, Style);
        Assert.False(Plan(200L << 30).IsTiled);
        var tiled = Plan(12L << 30);
        Assert.True(tiled.IsTiled);
        Assert.InRange(tiled.Bytes, 1, 12L << 30);
        Assert.True(tiled.Keep.Sum() > Plan(10L << 30).Keep.Sum());
        Assert.True(tiled.Tiles.Pixels > Plan(3L << 30).Tiles.Pixels);
        var failure = Assert.Throws<InvalidInputException>(() => Plan(1L << 30));
        Assert.Contains("4000x3000", failure.Message, StringComparison.Ordinal);
        Assert.Contains("StyleSettings.Optimizer adam", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_blocks_leave_holes_the_plan_leaves_room_for_them()
    {
        using var network = new VggNetwork(TinyNetworks.Random([64, 128, 256, 512, 512]),
            new NetworkOptions { Padding = PaddingMode.Reflect });
        var settings = new StyleSettings { Padding = PaddingMode.Reflect };
        foreach (var budget in (long[])[4L << 30, 8L << 30, 20L << 30])
            Assert.InRange(new MemoryPlanner(network, settings, new MemorySettings(budget)).Plan(Large, Style).Bytes, 1, 0.96 * budget);
    }

    [Fact]
    public void Less_memory_shortens_the_history_before_it_refuses()
    {
        using var network = new VggNetwork(TinyNetworks.Random([64, 128, 256, 512, 512]), new NetworkOptions());
        int History(long budget, int iterations = int.MaxValue) =>
            new MemoryPlanner(network, new StyleSettings(), new MemorySettings(budget)).Plan(Large, Style, iterations).Choice.History;
        Assert.Equal(10, History(12L << 30));
        Assert.InRange(History(3L << 30), 3, 9);
        Assert.Equal(10, History(3L << 30, iterations: 2)); // two steps are all there is to remember
    }

    [Fact]
    public void Less_memory_halves_the_precision_of_what_is_kept_before_it_refuses()
    {
        using var network = new VggNetwork(TinyNetworks.Random([64, 128, 256, 512, 512]), new NetworkOptions());
        MemoryPlan Plan(long budget) =>
            new MemoryPlanner(network, new StyleSettings { Optimizer = OptimizerKind.Adam }, new MemorySettings(budget))
                .Plan(new PixelSize(16384, 16384), Style);
        Assert.False(Plan(40L << 30).Choice.Half);
        var half = Plan(20L << 30);
        Assert.True(half.Choice.Half);
        Assert.InRange(half.Bytes, 1, 20L << 30);
        Assert.InRange(Plan(15L << 30).Bytes, 1, 15L << 30); // 16,384 x 16,384 pixels with VGG-19
        Assert.DoesNotContain("adam", Assert.Throws<InvalidInputException>(() => Plan(8L << 30)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_an_interrupted_run_had_chosen_is_taken_again_where_it_fits()
    {
        using var network = new VggNetwork(TinyNetworks.Random([64, 128, 256, 512, 512]), new NetworkOptions());
        var chosen = new MemoryChoice(new TileSize(Pixels: 500_000), 5);
        MemoryPlan Plan(long budget) =>
            new MemoryPlanner(network, new StyleSettings(), new MemorySettings(budget)).Plan(Large, Style, chosen: chosen);
        Assert.Equal(chosen, Plan(40L << 30).Choice);
        Assert.NotEqual(chosen, Plan(5L << 29).Choice);
    }

    [Fact]
    public void A_tile_that_was_asked_for_is_taken()
    {
        using var network = new VggNetwork(TinyNetworks.Random(), new NetworkOptions());
        Assert.Equal(new TileSize(256, Split: true), new MemoryPlanner(network, new StyleSettings(), new MemorySettings(Tile: 256))
            .Plan(Large, Style).Tiles);
        Assert.False(new MemoryPlanner(network, new StyleSettings(), new MemorySettings(Tile: 4000)).Plan(Large, Style).IsTiled);
        Assert.False(new MemoryPlanner(network, new StyleSettings(), new MemorySettings(Budget: 1, Whole: true))
            .Plan(Large, Style).IsTiled);
        Assert.False(new MemoryPlanner(network, new StyleSettings { Padding = PaddingMode.Circular }, new MemorySettings(Tile: 256))
            .Plan(Large, Style).IsTiled);
    }

    [Fact]
    public void Targets_in_tiles_are_those_of_whole_pictures()
    {
        using var scope = NewDisposeScope();
        using var network = new VggNetwork(TinyNetworks.Random(), new NetworkOptions(), dtype: ScalarType.Float64);
        Objective Build(TileSize? tiles) =>
            ObjectiveBuilder.Build(network, TinyNetworks.Picture(150, 99, 1, ScalarType.Float64),
                [TinyNetworks.Picture(130, 141, 2, ScalarType.Float64)], [1], new StyleSettings(), tiles: tiles);
        using var whole = Build(null);
        using var tiled = Build(new TileSize(32));
        foreach (var (expected, actual) in whole.Content.Zip(tiled.Content))
        {
            Assert.Equal(expected.Factor, actual.Factor, expected.Factor * 1e-10);
            Assert.InRange((expected.Target - actual.Target).abs().max().ToDouble(), 0, 1e-10);
        }
        foreach (var (expected, actual) in whole.Style.Zip(tiled.Style))
        {
            Assert.InRange((expected.Target.Mean - actual.Target.Mean).abs().max().ToDouble(), 0, 1e-10);
            Assert.InRange((expected.Target.SecondMoment - actual.Target.SecondMoment).abs().max().ToDouble(), 0, 1e-10);
        }
    }

    [Fact]
    public void Content_in_half_precision_gives_nearly_the_same_answer()
    {
        using var scope = NewDisposeScope();
        using var network = new VggNetwork(TinyNetworks.Random(), new NetworkOptions());
        var image = TinyNetworks.Picture(150, 99, 3);
        Evaluated Answer(bool half)
        {
            using var objective = ObjectiveBuilder.Build(network, TinyNetworks.Picture(150, 99, 1), [TinyNetworks.Picture(130, 141, 2)],
                [1], new StyleSettings { ContentWeight = 1 }, tiles: new TileSize(64), half: half);
            using var evaluator = new TiledEvaluator(network, objective, new TileSize(64));
            return evaluator.Evaluate(image);
        }
        var (exact, half) = (Answer(false), Answer(true));
        Assert.NotEqual(exact.ReadTotal(), half.ReadTotal());
        Assert.InRange(half.ReadTotal() / exact.ReadTotal(), 0.9999, 1.0001);
        Assert.InRange((exact.Gradient - half.Gradient).abs().max().ToDouble(), 0, 1e-3 * exact.Gradient.abs().max().ToDouble());
    }

    [Theory]
    [InlineData(OptimizerKind.Adam, 1e-3)]
    [InlineData(OptimizerKind.Lbfgs, 5e-3)] // the last bits differ, so now and then a step is rounded to another neighbour in bfloat16
    public void A_run_in_tiles_paints_the_same_picture(OptimizerKind optimizer, double most)
    {
        using var scope = NewDisposeScope();
        var inputs = new StyleInputs(PictureSource.Of(TinyNetworks.Picture(120, 90, 1)),
            [PictureSource.Of(TinyNetworks.Picture(100, 110, 2))]);
        var settings = new StyleSettings { Size = 120, MinimumSize = 60, FirstIterations = 3, Iterations = 3, Optimizer = optimizer };
        var whole = StyleTransfer.Run(inputs, TinyNetworks.Random(), settings, cancellation: TestContext.Current.CancellationToken);
        var tiled = StyleTransfer.Run(inputs, TinyNetworks.Random(), settings, new RunSettings { Memory = new MemorySettings(Tile: 64) },
            TestContext.Current.CancellationToken);
        Assert.InRange((whole.Image - tiled.Image).abs().max().ToDouble(), 0, most);
        Assert.InRange((whole.Image - tiled.Image).abs().mean().ToDouble(), 0, 2e-4);
    }
}
