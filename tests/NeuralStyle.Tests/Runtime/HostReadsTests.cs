using NeuralStyle.Evaluation;
using NeuralStyle.Imaging;
using NeuralStyle.Optimization;
using NeuralStyle.Runtime;
using NeuralStyle.Tests.Infra;
using NeuralStyle.Vgg;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Tests.Runtime;

/// <summary>How often an iteration fetches numbers from the device; on a GPU each time is a wait.</summary>
public sealed class HostReadsTests
{
    private static readonly StyleSettings s_settings = new() { Size = 32, MinimumSize = 32, FirstIterations = 12 };

    [Fact]
    public void Adam_never_reads_when_nobody_asks() => Assert.Equal(0, ReadsOfARun(s_settings with { Optimizer = OptimizerKind.Adam, AverageDecay = 0.9 }, null));

    [Fact]
    public void One_who_asks_now_and_then_costs_one_reading_each_time() =>
        Assert.Equal(3, ReadsOfARun(s_settings with { Optimizer = OptimizerKind.Adam }, value => { if (value.Iteration % 4 == 0) value.ReadLosses(); }));

    [Fact]
    public void Patience_reads_each_iteration_once() => Assert.Equal(12, ReadsOfARun(s_settings with { Optimizer = OptimizerKind.Adam, Patience = 12 }, null));

    [Fact]
    public void A_mask_is_summed_once_and_not_at_each_evaluation()
    {
        using var scope = NewDisposeScope();
        using var network = new VggNetwork(TinyNetworks.Random(), new NetworkOptions());
        using var objective = ObjectiveBuilder.Build(network, TinyNetworks.Picture(32, 32, 1), [TinyNetworks.Picture(32, 32, 2)], [1], s_settings);
        var term = objective.Style[0] with { Mask = rand(1, 1, 32, 32) };
        Assert.Null(objective.Style[0].Positions);
        Assert.Equal(term.Mask!.sum(ScalarType.Float64).ToDouble(), new StyleTerm(term.Layer, term.Weight, term.Target, term.Mask).Positions);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(0)]
    public void Lbfgs_on_a_device_reads_once_for_an_evaluation_and_twice_for_a_step(int history)
    {
        const int steps = 15;
        using var scope = NewDisposeScope();
        using var network = new VggNetwork(TinyNetworks.Random(), new NetworkOptions(Pooling.Average));
        using var objective = ObjectiveBuilder.Build(network, TinyNetworks.Picture(32, 32, 1), [TinyNetworks.Picture(32, 32, 2)], [1], s_settings);
        using var evaluator = new WholeImageEvaluator(network, objective);
        using var plain = new Lbfgs(history, range: (0, 1));
        using var device = new Lbfgs(history, range: (0, 1)) { ScalarsOnDevice = true };
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

    private static long ReadsOfARun(StyleSettings settings, Action<RunProgress>? report)
    {
        using var scope = NewDisposeScope();
        PictureSource Source(int seed) => new(new PixelSize(32, 32), size => ImageTensor.Resize(TinyNetworks.Picture(32, 32, seed), size));
        var before = HostReads.Count;
        StyleTransfer.Run(new StyleInputs(Source(1), [Source(2)]), TinyNetworks.Random(), settings, progress: report is null ? null : new Told(report)).Dispose();
        return HostReads.Count - before;
    }

    private static double Total(IEvaluator evaluator, Tensor image)
    {
        using var evaluated = evaluator.Evaluate(image);
        return evaluated.ReadTotal();
    }

    private sealed class Told(Action<RunProgress> report) : IProgress<RunProgress>
    {
        public void Report(RunProgress value) => report(value);
    }
}
