using System.Diagnostics;
using NeuralStyle.Scales;

namespace NeuralStyle.Runs;

/// <summary>
/// The progress of a run, its time, and an estimate of the time left: from the pace of the iterations at this scale and at those before it,
/// not from the whole time so far, because targets are computed once per scale and small pictures cost more per pixel.
/// </summary>
/// <param name="scales">The scales of the run.</param>
/// <param name="before">Seconds of the interrupted run before this one continued.</param>
/// <param name="now">Seconds of this process's part; null for a watch that starts now.</param>
internal sealed class RunClock(IReadOnlyList<Scale> scales, double before = 0, Func<double>? now = null)
{
    private const int LeastIterations = 3; // at a scale, before its own pace counts: the first ones allocate and warm up

    private readonly int[] _iterations = scales.Select(scale => scale.Iterations).ToArray(); // to do; fewer if a scale ended early
    private readonly List<(double Pixels, double Pace, double Preparation)> _done = []; // scales of this process, seconds
    private readonly Func<double> _now = now ?? Watch();
    private (double Begun, double First, double Last, int Iterations) _scale; // the current one: times, and iterations by this process

    /// <summary>Seconds of work, including those before an interruption.</summary>
    public double Seconds => before + _now();

    /// <summary>Share of the work that is done, 0 to 1, counted in pixels times iterations.</summary>
    /// <param name="state">The state of the run; a scale that ends early leaves less to do from then on.</param>
    public double Fraction(RunState state) => Fraction(state.Scale, state.Iteration, state.Flat);

    /// <summary>The same, in numbers.</summary>
    internal double Fraction(int scale, int iteration, bool flat)
    {
        if (flat) _iterations[scale] = iteration;
        return (Enumerable.Range(0, scale).Sum(earlier => Work(earlier, _iterations[earlier])) + Work(scale, iteration))
            / Enumerable.Range(0, scales.Count).Sum(each => Work(each, _iterations[each]));
    }

    /// <summary>Notes that the targets of a scale are computed from now on.</summary>
    /// <param name="scale">The scale, from 0.</param>
    public void Begin(int scale)
    {
        if (scale > 0 && _scale.Iterations > 1) _done.Add((scales[scale - 1].Size.Pixels, Pace(), _scale.First - _scale.Begun - Pace()));
        _scale = (_now(), 0, 0, 0);
    }

    /// <summary>Notes the end of an iteration.</summary>
    public void Count()
    {
        _scale.Last = _now();
        if (_scale.Iterations++ == 0) _scale.First = _scale.Last;
    }

    /// <summary>Estimated seconds left.</summary>
    /// <param name="scale">The current scale, from 0.</param>
    /// <param name="iteration">Iterations done at it.</param>
    /// <returns>Null until there are iterations to tell from.</returns>
    public double? Left(int scale, int iteration)
    {
        var own = _scale.Iterations >= LeastIterations;
        if (!own && _done.Count == 0) return null;
        var pixels = (double)scales[scale].Size.Pixels;
        List<(double Pixels, double Pace, double Preparation)> known =
            own ? [.. _done, (pixels, Pace(), Math.Max(0, _scale.First - _scale.Begun - Pace()))] : _done;
        var left = (_iterations[scale] - iteration) * (own ? Pace() : PaceAt(pixels, known));
        for (var later = scale + 1; later < scales.Count; later++)
        {
            var larger = (double)scales[later].Size.Pixels;
            left += _iterations[later] * PaceAt(larger, known) + Math.Max(0, known[^1].Preparation) * larger / known[^1].Pixels;
        }
        return left;
    }

    /// <summary>Seconds per iteration at the current scale, without the first.</summary>
    private double Pace() => (_scale.Last - _scale.First) / (_scale.Iterations - 1);

    /// <summary>
    /// Along the line through the last two scales, which has a constant part; in proportion to the pixels if there is but one.
    /// </summary>
    private static double PaceAt(double pixels, IReadOnlyList<(double Pixels, double Pace, double Preparation)> known)
    {
        var last = known[^1];
        var proportional = last.Pace * pixels / last.Pixels;
        if (known.Count < 2) return proportional;
        var slope = (last.Pace - known[^2].Pace) / (last.Pixels - known[^2].Pixels);
        return slope > 0 ? last.Pace + slope * (pixels - last.Pixels) : proportional;
    }

    private double Work(int scale, int iterations) => (double)scales[scale].Size.Pixels * iterations;

    private static Func<double> Watch()
    {
        var watch = Stopwatch.StartNew();
        return () => watch.Elapsed.TotalSeconds;
    }
}
