using NeuralStyle.Evaluation;
using NeuralStyle.Evaluation.Tiling;
using NeuralStyle.Imaging;
using NeuralStyle.Losses;
using NeuralStyle.Memory;
using NeuralStyle.Optimization;
using NeuralStyle.Runs;
using NeuralStyle.Runtime;
using NeuralStyle.Scales;
using NeuralStyle.Settings;
using NeuralStyle.Tests.Infra;
using NeuralStyle.Vgg;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Tests.Runtime;

/// <summary>How often an iteration fetches numbers from the device; on a GPU each time is a wait.</summary>
public sealed class HostReadsTests
{
    private static readonly StyleSettings s_settings = new() { Size = 32, MinimumSize = 32, FirstIterations = 12 };
    private static readonly Scale s_scale = new(new PixelSize(8, 8), 100);

    [Fact]
    public void Adam_never_reads_when_nobody_asks() =>
        Assert.Equal(0, ReadsOfARun(s_settings with { Optimizer = OptimizerKind.Adam, AverageDecay = 0.9 }, null));

    [Fact]
    public void Patience_reads_each_iteration_once() =>
        Assert.Equal(12, ReadsOfARun(s_settings with { Optimizer = OptimizerKind.Adam, Patience = 12 }, null));

    [Fact]
    public void Losses_are_read_several_at_a_time_on_a_device_and_are_the_same()
    {
        var settings = s_settings with { Optimizer = OptimizerKind.Adam };
        List<LossReport> atOnce = [], later = [];
        Assert.Equal(12, ReadsOfARun(settings, value => atOnce.Add(Assert.Single(value.Losses))));
        Assert.Equal(4, ReadsOfARun(settings, value =>
        {
            later.AddRange(value.Losses);
            Assert.Equal(value.Iteration < 12 ? 1 + (value.Iteration - 1) / 5 * 5 : 12, later.Count); // the first at once, for a display
            Assert.Equal(later[^1].Total, value.Loss);
        }, atATime: 5));
        Assert.Equal(Enumerable.Range(1, 12), later.Select(losses => losses.Iteration));
        Assert.Equal(atOnce.Select(Numbers), later.Select(Numbers));

        static (int, double, double) Numbers(LossReport losses) =>
            (losses.Iteration, losses.Total, losses.Sum(TermKind.Style, weighted: true));
    }

    [Fact]
    public void No_losses_are_missing_when_a_run_is_stopped()
    {
        using var stop = new CancellationTokenSource();
        List<int> told = [];
        ReadsOfARun(s_settings with { Optimizer = OptimizerKind.Adam }, value =>
        {
            told.AddRange(value.Losses.Select(losses => losses.Iteration));
            if (value.Iteration == 7) stop.Cancel();
        }, atATime: 10, stop);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7], told);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Patience_on_a_device_reads_several_losses_at_once_and_ends_at_the_same_place_after_a_break(int atATime)
    {
        using var scope = NewDisposeScope();
        using var evaluator = new Given([10, 8, 6, 5, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4]);
        var settings = s_settings with { Optimizer = OptimizerKind.Adam, Patience = 3 };
        using var state = Start();
        var before = HostReads.Count;
        while (!state.Flat) state.Step(evaluator).Dispose();
        Assert.Equal(8, state.Iteration); // the best has stood at 4 since the fifth
        Assert.Equal(8 / atATime, HostReads.Count - before);

        evaluator.Begin();
        using var first = Start();
        for (var i = 0; i < 6; i++) first.Step(evaluator).Dispose();
        using var second = RunState.Restore(settings, [s_scale], new MemoryChoice(TileSize.Whole, 0), 0, 6, first.Save()
            .ToDictionary(entry => entry.Key, entry => entry.Value.clone().DetachFromDisposeScope()), CPU);
        second.LossesAtATime = atATime;
        while (!second.Flat) second.Step(evaluator).Dispose();
        Assert.Equal(8, second.Iteration);

        RunState Start()
        {
            var start = RunState.Start(new StyleInputs(Source(1), [Source(2)]), settings, s_scale, new MemoryChoice(TileSize.Whole, 0),
                CPU);
            start.LossesAtATime = atATime;
            return start;
        }
    }

    [Theory]
    [InlineData(PaddingMode.Replicate, 0)] // the fused pass
    [InlineData(PaddingMode.Reflect, 0)] // automatic differentiation
    [InlineData(PaddingMode.Replicate, 16)] // tiles
    public void A_mask_is_summed_once_and_not_at_each_evaluation(PaddingMode padding, int tile)
    {
        using var scope = NewDisposeScope();
        using var network = new VggNetwork(TinyNetworks.Random([8, 8]), new NetworkOptions(Padding: padding));
        using var objective = new Objective { Style = [Term(network)] };
        var tiles = new TileSize(tile);
        using IEvaluator evaluator = tile > 0
            ? new TiledEvaluator(network, objective, tiles, [])
            : new WholeImageEvaluator(network, objective);
        var image = TinyNetworks.Picture(48, 32, 1);
        var before = Total(evaluator, image);
        Assert.Equal(before, Total(evaluator, image));
        objective.Style[0].Mask!.Weights.mul_(2); // a sum read again would double too, and the statistics would stay as they were
        Assert.InRange(Total(evaluator, image), 1.5 * before, double.PositiveInfinity);
    }

    private static StyleTerm Term(VggNetwork network)
    {
        var layer = new VggLayer(1, 2);
        var target = LayerStatistics.Of(network.Forward(TinyNetworks.Picture(48, 32, 2), [layer])[layer]).Detached();
        return new StyleTerm(layer, 1, target, new WeightedMask(rand(1, 1, 32, 48).DetachFromDisposeScope()));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(0)]
    public void Lbfgs_on_a_device_reads_once_for_an_evaluation_and_twice_for_a_step(int history)
    {
        const int steps = 15;
        using var scope = NewDisposeScope();
        using var network = new VggNetwork(TinyNetworks.Random(), new NetworkOptions(Pooling.Average));
        using var objective = ObjectiveBuilder.Build(network, TinyNetworks.Picture(32, 32, 1), [TinyNetworks.Picture(32, 32, 2)], [1],
            s_settings);
        using var evaluator = new WholeImageEvaluator(network, objective);
        using var plain = new Lbfgs(history, range: (0, 1), scalarsOnDevice: false);
        using var device = new Lbfgs(history, range: (0, 1), scalarsOnDevice: true);
        var (x, y) = (TinyNetworks.Picture(32, 32, 1), TinyNetworks.Picture(32, 32, 1));
        for (var i = 0; i < steps; i++) plain.Step(x, evaluator.Evaluate).Dispose();
        var before = HostReads.Count;
        for (var i = 0; i < steps; i++) device.Step(y, evaluator.Evaluate).Dispose();
        var resets = history == 0 ? steps : 1; // a step without history asks for the largest element too
        Assert.InRange(HostReads.Count - before, steps, device.Evaluations + 2 * steps + resets);
        Assert.InRange((x - y).abs().max().ToDouble(), 0, 0.02); // rounding grows along the way
        Assert.InRange(Total(evaluator, y) / Total(evaluator, x), 0.98, 1.02);
    }

    [Fact]
    public void Numbers_of_several_tensors_come_in_order_and_in_one_reading()
    {
        using var scope = NewDisposeScope();
        var before = HostReads.Count;
        Assert.Equal([0.5, 1, 2, 3], HostReads.Of(tensor(0.5f), tensor(new[] { 1.0, 2.0 }), tensor(3L)));
        Assert.Equal(1, HostReads.Count - before);
    }

    private static long ReadsOfARun(StyleSettings settings, Action<RunProgress>? report, int atATime = 1,
        CancellationTokenSource? stop = null)
    {
        using var scope = NewDisposeScope();
        var before = HostReads.Count;
        var run = new RunSettings { Progress = report is null ? null : new Told(report), LossesAtATime = atATime };
        StyleTransfer.Run(new StyleInputs(Source(1), [Source(2)]), TinyNetworks.Random(), settings, run, stop?.Token
            ?? TestContext.Current.CancellationToken).Dispose();
        return HostReads.Count - before;
    }

    private static PictureSource Source(int seed) =>
        new(new PixelSize(32, 32), size => ImageTensor.Resize(TinyNetworks.Picture(32, 32, seed), size));

    private static double Total(IEvaluator evaluator, Tensor image)
    {
        using var evaluated = evaluator.Evaluate(image);
        return evaluated.ReadTotal();
    }

    /// <summary>Totals that are given, whatever the picture.</summary>
    private sealed class Given(double[] totals) : IEvaluator
    {
        private int _next;

        public IReadOnlyList<TermInfo> Terms => [];

        public void Begin() => _next = 0;

        public Evaluated Evaluate(Tensor image) => new(tensor(totals[_next++]), zeros(0), zeros_like(image));

        public void Dispose()
        {
        }
    }
}
