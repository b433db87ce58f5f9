using NeuralStyle.Imaging;
using NeuralStyle.Memory;
using NeuralStyle.Scales;
using NeuralStyle.Settings;

namespace NeuralStyle.Benchmarking;

/// <summary>Estimates the time of a run from the times of an evaluation and of an optimiser step. Pure functions.</summary>
internal static class RunEstimate
{
    /// <summary>
    /// Evaluations that an iteration of L-BFGS makes on average: nearly every line search takes the first step. Measured; see
    /// docs/bench.md.
    /// </summary>
    public const double EvaluationsPerLbfgsStep = 1.02;

    private const double TwoPassesOverOne = 1.5; // a tile goes forward twice and backward once: three passes instead of two

    /// <summary>
    /// Evaluations of one scale: those of the steps, one at the start, and one that stands for the targets' two forward passes.
    /// </summary>
    public static double Evaluations(OptimizerKind optimizer, int iterations) =>
        1 + (optimizer == OptimizerKind.Lbfgs ? 1 + iterations * EvaluationsPerLbfgsStep : iterations);

    /// <summary>Seconds of a run.</summary>
    /// <param name="scales">The schedule.</param>
    /// <param name="settings">The optimiser.</param>
    /// <param name="evaluation">Seconds of one evaluation of a picture taken whole.</param>
    /// <param name="stepPerPixel">Seconds of an optimiser's step per pixel, without its evaluations.</param>
    /// <param name="plan">Whole or in tiles, for each scale.</param>
    public static double Seconds(IEnumerable<Scale> scales, StyleSettings settings, SpeedCurve evaluation, double stepPerPixel,
        Func<Scale, MemoryPlan> plan) =>
        scales.Sum(scale => Evaluations(settings.Optimizer, scale.Iterations) * EvaluationSeconds(scale.Worked, evaluation, plan(scale))
            + scale.Iterations * stepPerPixel * scale.Worked.Pixels);

    /// <summary>
    /// Seconds of one evaluation, whole or in tiles; the time of each section of the network is proportional to its multiplications.
    /// </summary>
    public static double EvaluationSeconds(PixelSize size, SpeedCurve evaluation, MemoryPlan plan) => plan.IsTiled
        ? plan.Costs.Zip(plan.Keep, (cost, keep) => cost.Work / plan.Costs.Sum(other => other.Work) * cost.Section.Tiles(size, plan.Tiles)
            .Select((tile, index) =>
            (index < keep ? 1 : TwoPassesOverOne) * evaluation.Seconds((double)tile.Rows.Outer.Length * tile.Columns.Outer.Length)).Sum())
                .Sum()
        : evaluation.Seconds(size.Pixels);
}
