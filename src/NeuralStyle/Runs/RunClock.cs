using System.Diagnostics;
using NeuralStyle.Scales;

namespace NeuralStyle.Runs;

/// <summary>How far a run has come, and how long it took.</summary>
/// <param name="scales">The scales of the run.</param>
/// <param name="before">Seconds that an interrupted run took before this one continued.</param>
internal sealed class RunClock(IReadOnlyList<Scale> scales, double before = 0)
{
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly int[] _iterations = scales.Select(scale => scale.Iterations).ToArray(); // to do; fewer where a scale ended early

    /// <summary>Seconds of work, those before an interruption included.</summary>
    public double Seconds => before + _watch.Elapsed.TotalSeconds;

    /// <summary>Share of the work that is done, 0 to 1, counted in pixels times iterations.</summary>
    /// <param name="state">How far the run has come; a scale that ends early leaves less to do, from then on.</param>
    public double Fraction(RunState state)
    {
        if (state.Flat) _iterations[state.Scale] = state.Iteration;
        return (Enumerable.Range(0, state.Scale).Sum(scale => Work(scale, _iterations[scale])) + Work(state.Scale, state.Iteration))
            / Enumerable.Range(0, scales.Count).Sum(scale => Work(scale, _iterations[scale]));
    }

    private double Work(int scale, int iterations) => (double)scales[scale].Size.Pixels * iterations;
}
