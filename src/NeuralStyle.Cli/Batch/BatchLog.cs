using System.Diagnostics;
using System.Globalization;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Cli.Progress;
using NeuralStyle.Runs;

namespace NeuralStyle.Cli.Batch;

/// <summary>Collects the outcomes of pictures and reports each in one line. Thread-safe.</summary>
/// <param name="total">Number of pictures.</param>
/// <param name="progress">Receives a line after every picture, and sometimes one about a picture in progress.</param>
/// <param name="quietFor">The longest time without a line while a picture is in progress.</param>
/// <param name="bars">Bars in a terminal, which then show pictures in progress instead of lines; null for none.</param>
internal sealed class BatchLog(int total, TextWriter progress, TimeSpan quietFor, BatchBars? bars = null)
{
    private const double LeastMade = 0.02; // pictures; fewer give no useful pace

    private readonly List<Outcome> _outcomes = [];
    private readonly HashSet<string> _told = [];
    private readonly Dictionary<BatchItem, double> _inWork = []; // progress of each, 0 to 1
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Lock _gate = new();
    private TimeSpan _lastLine;

    /// <summary>Seconds since the batch began.</summary>
    public double Seconds => _clock.Elapsed.TotalSeconds;

    /// <summary>Pictures without an outcome, because the batch was stopped.</summary>
    public int Left => total - _outcomes.Count;

    /// <summary>The pictures that failed, in the order of their names.</summary>
    public IReadOnlyList<Outcome> Failures =>
        Of(OutcomeKind.Failed).OrderBy(outcome => outcome.Item.Name, StringComparer.Ordinal).ToArray();

    public void Add(Outcome outcome)
    {
        lock (_gate)
        {
            _outcomes.Add(outcome);
            _inWork.Remove(outcome.Item);
            _lastLine = _clock.Elapsed;
            WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{_outcomes.Count}/{total} {outcome.Item.Name} · {outcome.Word}{Told(outcome)} · "
                    + $"{Duration.Hours(_clock.Elapsed)}{TimeLeft()}"));
            bars?.Finish(outcome.Item, _outcomes.Count + _inWork.Values.Sum(), TimeLeft());
        }
    }

    /// <summary>Reports the progress of a picture, if no line was written for some time.</summary>
    public void Add(BatchItem item, RunProgress value)
    {
        lock (_gate)
        {
            _inWork[item] = value.Fraction;
            bars?.Report(item, value, _outcomes.Count + _inWork.Values.Sum(), TimeLeft());
            if (bars is not null || _clock.Elapsed - _lastLine < quietFor) return;
            _lastLine = _clock.Elapsed;
            WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{_outcomes.Count}/{total} {item.Name} · {value.Fraction * 100:0} % · scale {value.Scale + 1}/{value.Scales} "
                    + $"{value.Size}{ProgressLines.TimeLeft(value)}"));
        }
    }

    /// <summary>Writes a line about a picture in progress.</summary>
    public void Tell(BatchItem item, string line)
    {
        lock (_gate) WriteLine($"{item.Name} · {OptionNames.In(line)}");
    }

    /// <summary>Writes a line about a picture once, even if it concerns many results.</summary>
    public void TellOnce(string line)
    {
        lock (_gate)
        {
            if (_told.Add(line)) ErrorLine.Hint(progress, line);
        }
    }

    /// <summary>Notes that a reason has been written: further lines need not repeat it.</summary>
    public void IsTold(string reason)
    {
        lock (_gate) _told.Add(reason);
    }

    /// <summary>The summary: failures with their reasons, numbers of pictures, and pictures left.</summary>
    public void Summarize(TextWriter error)
    {
        foreach (var alike in Failures.GroupBy(failure => failure.Reason))
        {
            var more = alike.Count() > 1 ? $" and {alike.Count() - 1} more" : "";
            ErrorLine.Write(error, $"failed: {alike.First().Item.Name}{more}: {alike.Key}");
        }
        ErrorLine.Hint(progress, string.Create(CultureInfo.InvariantCulture,
            $"{Of(OutcomeKind.Made).Count()} made, {Of(OutcomeKind.UpToDate).Count()} up to date, "
                + $"{(Of(OutcomeKind.Kept).Count() is > 0 and var kept ? $"{kept} kept, " : "")}{Failures.Count} failed"
                + $"{(Left > 0 ? $", {Left} left" : "")} in {Duration.Hours(_clock.Elapsed)}"));
    }

    private string Told(Outcome outcome) => outcome.Reason is not { } reason ? ""
        : outcome.Kind == OutcomeKind.Failed && !_told.Add(reason) ? " (see above)"
        : $": {reason}";

    private void WriteLine(string line) => progress.WriteLine(Printable.Of(line));

    private IEnumerable<Outcome> Of(OutcomeKind kind) => _outcomes.Where(outcome => outcome.Kind == kind);

    /// <summary>Estimated from the pictures made here; other processes in the same folder make it shorter.</summary>
    private string TimeLeft()
    {
        var (made, left) = (Of(OutcomeKind.Made).Count() + _inWork.Values.Sum(), total - _outcomes.Count - _inWork.Values.Sum());
        return made < LeastMade || _outcomes.Count == total ? "" : $" · at most {Duration.Hours(_clock.Elapsed * (left / made))} left";
    }
}
