using System.Diagnostics;
using System.Globalization;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Cli.Progress;
using NeuralStyle.Runs;

namespace NeuralStyle.Cli.Batch;

/// <summary>Collects what became of the pictures and tells it, one line each. Safe to use from several threads.</summary>
/// <param name="total">Number of pictures.</param>
/// <param name="progress">Receives a line after every picture, and now and then one about a picture in work.</param>
/// <param name="quietFor">How long it may stay quiet while a picture is in work.</param>
internal sealed class BatchLog(int total, TextWriter progress, TimeSpan quietFor)
{
    private readonly List<Outcome> _outcomes = [];
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Lock _gate = new();
    private TimeSpan _lastLine;

    /// <summary>Seconds since the batch began.</summary>
    public double Seconds => _clock.Elapsed.TotalSeconds;

    /// <summary>Pictures that nothing became of: the run was stopped.</summary>
    public int Left => total - _outcomes.Count;

    /// <summary>Those that failed, in the order of the plan's names.</summary>
    public IReadOnlyList<Outcome> Failures =>
        Of(OutcomeKind.Failed).OrderBy(outcome => outcome.Item.Name, StringComparer.Ordinal).ToArray();

    public void Add(Outcome outcome)
    {
        lock (_gate)
        {
            _outcomes.Add(outcome);
            _lastLine = _clock.Elapsed;
            progress.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{_outcomes.Count}/{total} {outcome.Item.Name} · {outcome.Word}{(outcome.Reason is { } reason ? ": " + reason : "")} · "
                    + $"{Duration.Hours(_clock.Elapsed)}{TimeLeft()}"));
        }
    }

    /// <summary>Tells from time to time how far a picture is, when nothing else was told for long.</summary>
    public void Add(BatchItem item, RunProgress value)
    {
        lock (_gate)
        {
            if (_clock.Elapsed - _lastLine < quietFor) return;
            _lastLine = _clock.Elapsed;
            progress.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{_outcomes.Count}/{total} {item.Name} · {value.Fraction * 100:0} % · scale {value.Scale + 1}/{value.Scales} "
                    + $"{value.Size} · {ProgressLines.TimeLeft(value)}"));
        }
    }

    /// <summary>Tells something about a picture in work.</summary>
    public void Tell(BatchItem item, string line)
    {
        lock (_gate) progress.WriteLine($"{item.Name} · {OptionNames.In(line)}");
    }

    /// <summary>What failed and why; and, where progress is told, what was done and what is left.</summary>
    public void Summarize(TextWriter error)
    {
        foreach (var failure in Failures) ErrorLine.Write(error, $"failed: {failure.Item.Name}: {failure.Reason}");
        ErrorLine.Hint(progress, string.Create(CultureInfo.InvariantCulture,
            $"{Of(OutcomeKind.Made).Count()} made, {Of(OutcomeKind.UpToDate).Count()} up to date, "
                + $"{(Of(OutcomeKind.Kept).Count() is > 0 and var kept ? $"{kept} kept, " : "")}{Failures.Count} failed{(Left > 0 ? $", {Left} left" : "")} in {Duration.Hours(_clock.Elapsed)}"));
    }

    private IEnumerable<Outcome> Of(OutcomeKind kind) => _outcomes.Where(outcome => outcome.Kind == kind);

    /// <summary>By the pace of those made here; other processes in the same folder make it shorter.</summary>
    private string TimeLeft()
    {
        var made = Of(OutcomeKind.Made).Count();
        return made == 0 || _outcomes.Count == total
            ? ""
            : $" · at most {Duration.Hours(_clock.Elapsed * ((double)(total - _outcomes.Count) / made))} left";
    }
}
