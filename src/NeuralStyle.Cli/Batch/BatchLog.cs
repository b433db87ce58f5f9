using System.Diagnostics;
using System.Globalization;

namespace NeuralStyle.Cli.Batch;

/// <summary>Collects what became of the pictures and tells it, one line each. Safe to use from several threads.</summary>
/// <param name="total">Number of pictures.</param>
/// <param name="progress">Receives a line behind every picture.</param>
internal sealed class BatchLog(int total, TextWriter progress)
{
    private readonly List<Outcome> _outcomes = [];
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Lock _gate = new();

    /// <summary>Those that failed, in the order of the plan's names.</summary>
    public IReadOnlyList<Outcome> Failures => Of(OutcomeKind.Failed).OrderBy(outcome => outcome.Item.Name, StringComparer.Ordinal).ToArray();

    public void Add(Outcome outcome)
    {
        lock (_gate)
        {
            _outcomes.Add(outcome);
            var word = outcome.Kind switch { OutcomeKind.Made => "made", OutcomeKind.UpToDate => "up to date", _ => "failed" };
            progress.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{_outcomes.Count}/{total} {outcome.Item.Name} · {word}{(outcome.Reason is { } reason ? ": " + reason : "")} · {Time(_clock.Elapsed)}{TimeLeft()}"));
        }
    }

    /// <summary>What was done, what failed and why, what is left.</summary>
    public void Summarize(TextWriter error)
    {
        foreach (var failure in Failures) ErrorLine.Write(error, $"failed: {failure.Item.Name}: {failure.Reason}");
        var left = total - _outcomes.Count;
        ErrorLine.Write(error, string.Create(CultureInfo.InvariantCulture,
            $"{Of(OutcomeKind.Made).Count()} made, {Of(OutcomeKind.UpToDate).Count()} up to date, {Failures.Count} failed{(left > 0 ? $", {left} left" : "")} in {Time(_clock.Elapsed)}"));
    }

    private IEnumerable<Outcome> Of(OutcomeKind kind) => _outcomes.Where(outcome => outcome.Kind == kind);

    /// <summary>By the pace of those made here; other processes in the same folder make it shorter.</summary>
    private string TimeLeft()
    {
        var made = Of(OutcomeKind.Made).Count();
        return made == 0 || _outcomes.Count == total ? "" : $" · at most {Time(_clock.Elapsed * ((double)(total - _outcomes.Count) / made))} left";
    }

    private static string Time(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}");
}
