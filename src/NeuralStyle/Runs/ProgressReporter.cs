using NeuralStyle.Evaluation;
using NeuralStyle.Scales;
using static TorchSharp.torch;

namespace NeuralStyle.Runs;

/// <summary>Makes the reports of a run.</summary>
/// <param name="progress">Who receives them.</param>
/// <param name="scales">The scales of the run.</param>
/// <param name="clock">Time and share of the work.</param>
/// <param name="atATime">Iterations whose losses are read together.</param>
internal sealed class ProgressReporter(IProgress<RunProgress> progress, IReadOnlyList<Scale> scales, RunClock clock, int atATime)
    : IDisposable
{
    private readonly LossQueue _losses = new(atATime);
    private RunProgress? _last;

    /// <summary>Reports one iteration.</summary>
    /// <param name="state">The state after it.</param>
    /// <param name="evaluated">The evaluation made in it.</param>
    /// <param name="terms">The meaning of its numbers.</param>
    /// <param name="picture">Copies the picture.</param>
    public void Report(RunState state, Evaluated evaluated, IReadOnlyList<TermInfo> terms, Func<Tensor> picture)
    {
        var scale = scales[state.Scale];
        var seconds = clock.Seconds;
        _losses.Add(evaluated, terms, state.Iteration, seconds);
        var read = _losses.IsDue || state.Flat || state.Iteration == scale.Iterations || _last is null ? _losses.Read() : [];
        using var snapshot = new Snapshot(picture);
        progress.Report(_last = new RunProgress
        {
            Scale = state.Scale, Scales = scales.Count, Size = scale.Size, Iteration = state.Iteration, Iterations = scale.Iterations,
            Flat = state.Flat, Fraction = clock.Fraction(state), Seconds = seconds, SecondsLeft = clock.Left(state.Scale, state.Iteration),
            Loss = read.Count > 0 ? read[^1].Total : _last?.Loss ?? double.NaN, Losses = read, Picture = snapshot.Take,
        });
    }

    /// <summary>After a run that was stopped: reports its last iteration again if losses are left to read.</summary>
    public void Finish()
    {
        if (_losses.Read() is { Count: > 0 } left) progress.Report(_last! with { Losses = left, Loss = left[^1].Total });
    }

    /// <inheritdoc/>
    public void Dispose() => _losses.Dispose();

    /// <summary>The picture of an iteration, available during its report, from any thread.</summary>
    private sealed class Snapshot(Func<Tensor> picture) : IDisposable
    {
        private readonly Lock _gate = new(); // the run waits for a copy that another thread has started
        private bool _over;

        public Tensor Take()
        {
            lock (_gate)
            {
                return !_over ? picture() : throw new InvalidOperationException(
                    "the report is over and the run has continued; call Snapshot within IProgress<RunProgress>.Report (System.Progress "
                        + "reports later, on another thread)");
            }
        }

        public void Dispose()
        {
            lock (_gate) _over = true;
        }
    }
}
