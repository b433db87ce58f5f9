using System.Diagnostics;
using System.Globalization;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Runs;

namespace NeuralStyle.Cli.Progress;

/// <summary>Progress as plain lines, one every few seconds, for redirected output.</summary>
internal sealed class ProgressLines(TextWriter error, TimeSpan interval) : IProgress<RunProgress>
{
    private const double Longest = 1e9; // seconds

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan _next = TimeSpan.Zero;

    public void Report(RunProgress value)
    {
        if (!value.EndsScale && _clock.Elapsed < _next) return;
        _next = _clock.Elapsed + interval;
        error.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"scale {value.Scale + 1}/{value.Scales} {value.Size} · iteration {value.Iteration}/{value.Iterations} · loss "
                + $"{value.Loss:G4}{(value.Flat ? " · flat" : "")}{TimeLeft(value)}"));
    }

    /// <summary>For instance <c> · 1:05 left</c>; empty while there is no estimate.</summary>
    public static string TimeLeft(RunProgress value, string separator = " · ") => value.SecondsLeft is { } seconds
        ? $"{separator}{Duration.Minutes(TimeSpan.FromSeconds(Math.Min(seconds, Longest)))} left"
        : "";
}
