using System.Diagnostics;
using System.Globalization;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Runs;

namespace NeuralStyle.Cli.Progress;

/// <summary>Progress as plain lines, one every few seconds, for redirected output.</summary>
internal sealed class ProgressLines(TextWriter error, TimeSpan interval) : IProgress<RunProgress>
{
    private const double Longest = 1e9; // seconds; a record of a run may claim anything

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan _next = TimeSpan.Zero;

    public void Report(RunProgress value)
    {
        if (!value.EndsScale && _clock.Elapsed < _next) return;
        _next = _clock.Elapsed + interval;
        error.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"scale {value.Scale + 1}/{value.Scales} {value.Size} · iteration {value.Iteration}/{value.Iterations} · loss "
                + $"{value.Loss:G4}{(value.Flat ? " · flat" : "")} · {TimeLeft(value)}"));
    }

    /// <summary>For instance <c>1:05 left</c>.</summary>
    public static string TimeLeft(RunProgress value)
    {
        var left = TimeSpan.FromSeconds(Math.Min(value.Seconds * (1 - value.Fraction) / Math.Max(value.Fraction, 1e-9), Longest));
        return $"{Duration.Minutes(left)} left";
    }
}
