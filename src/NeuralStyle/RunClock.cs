using System.Diagnostics;

namespace NeuralStyle;

/// <summary>How far a run has come, and how long it took.</summary>
/// <param name="scales">The scales of the run.</param>
/// <param name="before">Seconds that an interrupted run took before this one went on.</param>
internal sealed class RunClock(IReadOnlyList<Scale> scales, double before = 0)
{
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly double _work = scales.Sum(scale => Work(scale, scale.Iterations));

    /// <summary>Seconds of work, those before an interruption included.</summary>
    public double Seconds => before + _watch.Elapsed.TotalSeconds;

    /// <summary>Share of the work that is done, 0 to 1, counted in pixels times iterations.</summary>
    public double Fraction(RunState state) =>
        (scales.Take(state.Scale).Sum(scale => Work(scale, scale.Iterations)) + Work(scales[state.Scale], state.Iteration)) / _work;

    private static double Work(Scale scale, int iterations) => (double)scale.Size.Pixels * iterations;
}
