using System.Diagnostics;
using NeuralStyle.Evaluation;
using NeuralStyle.Optimization;
using static TorchSharp.torch;

namespace NeuralStyle.Benchmarks.Speed;

/// <summary>What the optimisers cost beside the evaluations: steps on a quadratic, whose evaluation costs next to nothing.</summary>
internal static class OptimiserSteps
{
    private const int Steps = 30;

    /// <summary>Seconds per step by optimiser, evaluations of the quadratic taken off.</summary>
    public static Dictionary<string, double> Measure(int size) => new()
    {
        ["Adam"] = Seconds(new Adam(0.02, range: (0, 1)), size),
        ["L-BFGS, history 10"] = Seconds(new Lbfgs(10), size),
    };

    private static double Seconds(IOptimizer optimizer, int size)
    {
        using var scope = NewDisposeScope();
        using var x = FullWidth.Picture(size, 1);
        using var curvature = rand(x.shape).mul_(100).add_(1);
        var evaluating = new Stopwatch();
        Evaluated Quadratic(Tensor at)
        {
            evaluating.Start();
            using var inner = NewDisposeScope();
            var gradient = curvature * at;
            var total = gradient.mul(at).sum().mul_(0.5);
            evaluating.Stop();
            return new Evaluated(total.MoveToOuterDisposeScope(), zeros(0).MoveToOuterDisposeScope(), gradient.MoveToOuterDisposeScope());
        }

        using (optimizer)
        {
            for (var i = 0; i < 12; i++) optimizer.Step(x, Quadratic).Dispose(); // fills the history
            evaluating.Reset();
            var clock = Stopwatch.StartNew();
            for (var i = 0; i < Steps; i++) optimizer.Step(x, Quadratic).Dispose();
            return (clock.Elapsed - evaluating.Elapsed).TotalSeconds / Steps;
        }
    }
}
