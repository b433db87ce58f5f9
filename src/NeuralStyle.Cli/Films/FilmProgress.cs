using System.Diagnostics;
using System.Globalization;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Cli.Pages;
using NeuralStyle.Runs;

namespace NeuralStyle.Cli.Films;

/// <summary>The progress of a film, as a line every few seconds.</summary>
/// <param name="error">Receives the lines.</param>
/// <param name="count">Number of frames of the film.</param>
/// <param name="passes">How often scenes are gone through.</param>
/// <param name="done">Frames that were painted earlier, counting each pass.</param>
internal sealed class FilmProgress(TextWriter error, int count, int passes, int done) : IProgress<RunProgress>
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(3);

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan _next = TimeSpan.Zero, _first = TimeSpan.Zero, _later = TimeSpan.Zero, _began = TimeSpan.Zero;
    private int _frame, _pass, _mine, _firsts, _all, _iterations;
    private LossReport? _last;

    /// <summary>A frame begins.</summary>
    /// <param name="number">From 1.</param>
    /// <param name="pass">The pass that paints it.</param>
    /// <param name="painted">Frames that are painted now, by all processes, counting each pass.</param>
    public void Begin(int number, int pass, int painted) =>
        (_frame, _pass, _all, _began, _iterations, _last) = (number, pass, painted, _clock.Elapsed, 0, null);

    /// <summary>A frame is done.</summary>
    /// <param name="isFirst">Whether it was the first of a scene, which takes longer.</param>
    /// <returns>Its losses; null if none were read.</returns>
    public FrameLoss? End(bool isFirst)
    {
        var took = _clock.Elapsed - _began;
        _mine++;
        if (isFirst) (_first, _firsts) = (_first + took, _firsts + 1);
        else _later += took;
        return _last is null ? null : FrameLosses.Of(_frame, _pass, took.TotalSeconds, _iterations, _last);
    }

    /// <summary>Mean seconds of a frame after the first of a scene; null before there is one.</summary>
    public double? PerFrame => _mine == _firsts ? null : _later.TotalSeconds / (_mine - _firsts);

    /// <summary>For instance <c>1:05 left</c>; empty while there is no estimate.</summary>
    public string Left
    {
        get
        {
            if (PerFrame is not { } each || _mine - _firsts < 2) return "";
            var helpers = Math.Max(1, (double)(_all - done) / _mine); // other processes paint too
            return $"{Duration.Minutes(TimeSpan.FromSeconds(Math.Max(0, count * passes - _all) * each / helpers))} left";
        }
    }

    /// <summary>Scenes are looked for.</summary>
    /// <param name="number">The frame.</param>
    public void Look(int number)
    {
        if (_clock.Elapsed < _next + s_interval) return; // a short film needs no line
        _next = _clock.Elapsed;
        error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"looking for scenes · frame {number}"));
    }

    public void Report(RunProgress value)
    {
        _iterations += value.Losses.Count;
        if (value.Losses is [.., var last]) _last = last;
        if (_clock.Elapsed < _next) return;
        _next = _clock.Elapsed + s_interval;
        var pass = passes > 1 ? $" · pass {_pass}/{passes}" : "";
        var scale = value.Scales > 1 ? $" · scale {value.Scale + 1}/{value.Scales}" : "";
        error.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"frame {_frame}/{count}{pass}{scale} · iteration {value.Iteration}/{value.Iterations} · loss "
                + $"{value.Loss:G4}{(Left is { Length: > 0 } left ? $" · {left}" : "")}"));
    }
}
