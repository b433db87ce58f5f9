using System.Diagnostics;
using System.Globalization;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Runs;

namespace NeuralStyle.Cli.Films;

/// <summary>The progress of a film, as a line every few seconds.</summary>
/// <param name="error">Receives the lines.</param>
/// <param name="count">Number of frames, as far as known.</param>
/// <param name="done">Frames that were painted earlier.</param>
internal sealed class FilmProgress(TextWriter error, long? count, int done) : IProgress<RunProgress>
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(3);

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan _next = TimeSpan.Zero, _first = TimeSpan.Zero, _began = TimeSpan.Zero;
    private int _frame, _later;

    /// <summary>A frame begins.</summary>
    /// <param name="number">From 1.</param>
    public void Begin(int number) => (_frame, _began) = (number, _clock.Elapsed);

    /// <summary>A frame is done.</summary>
    /// <param name="isFirst">Whether it was the first of a scene, which takes longer.</param>
    public void End(bool isFirst)
    {
        if (isFirst) _first += _clock.Elapsed - _began;
        else _later++;
    }

    /// <summary>Mean seconds of a frame after the first of a scene; null before there is one.</summary>
    public double? PerFrame => _later == 0 ? null : (_began - _first).TotalSeconds / _later;

    public void Report(RunProgress value)
    {
        if (_clock.Elapsed < _next) return;
        _next = _clock.Elapsed + s_interval;
        var scale = value.Scales > 1 ? $" · scale {value.Scale + 1}/{value.Scales}" : "";
        error.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"frame {_frame}{(count is { } all ? $"/{Math.Max(all, _frame)}" : "")}{scale} · iteration "
                + $"{value.Iteration}/{value.Iterations} · loss {value.Loss:G4}{TimeLeft()}"));
    }

    private string TimeLeft()
    {
        var painted = _frame - done - 1;
        if (count is not { } all || painted < 2 || _later == 0) return "";
        var each = (_clock.Elapsed - _first).TotalSeconds / painted;
        return $" · {Duration.Minutes(TimeSpan.FromSeconds(Math.Max(0, all - _frame + 1) * each))} left";
    }
}
