using System.Diagnostics;
using NeuralStyle.Scales;

namespace NeuralStyle.Runs;

/// <summary>The progress of a run, and its time.</summary>
/// <param name="scales">The scales of the run.</param>
/// <param name="before">Seconds of the interrupted run before this one continued.</param>
internal sealed class RunClock(IReadOnlyList<Scale> scales, double before = 0)
{
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly int[] _iterations = scales.Select(scale => scale.Iterations).ToArray(); // to do; fewer if a scale ended early

    /// <summary>Seconds of work, including those before an interruption.</summary>
    public double Seconds => before + _watch.Elapsed.TotalSeconds;

    /// <summary>Share of the work that is done, 0 to 1, counted in pixels times iterations.</summary>
    /// <param name="state">The state of the run; a scale that ends early leaves less to do from then on.</param>
    public double Fraction(RunState state)
    {
        if (state.Flat) _iterations[state.Scale] = state.Iteration;
        return (Enumerable.Range(0, state.Scale).Sum(scale => Work(scale, _iterations[scale])) + Work(state.Scale, state.Iteration))
            / Enumerable.Range(0, scales.Count).Sum(scale => Work(scale, _iterations[scale]));
    }

    private double Work(int scale, int iterations) => (double)scales[scale].Size.Pixels * iterations;
}
