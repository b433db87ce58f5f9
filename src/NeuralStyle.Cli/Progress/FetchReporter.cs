using System.Diagnostics;
using NeuralStyle.Weights.Download;

namespace NeuralStyle.Cli.Progress;

/// <summary>Shows a download: a bar that is drawn over on a terminal, a line every few seconds elsewhere.</summary>
internal sealed class FetchReporter(TextWriter error, bool isTerminal) : IProgress<FetchProgress>
{
    private const int BarWidth = 30;

    private readonly TimeSpan _interval = isTerminal ? TimeSpan.FromMilliseconds(100) : TimeSpan.FromSeconds(5);
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan _next = TimeSpan.Zero;
    private (TimeSpan Time, long Done)? _start;
    private FetchProgress? _bar; // what the open line shows, or should show by now

    public void Report(FetchProgress value)
    {
        _start ??= (_clock.Elapsed, value.Done);
        if (value.Message is { } message)
        {
            End();
            error.WriteLine($"nst: {message}");
        }
        if (isTerminal) _bar = value;
        if (_clock.Elapsed < _next || value.Done == 0) return;
        _next = _clock.Elapsed + _interval;
        if (isTerminal) DrawBar(value);
        else error.WriteLine($"nst: {Amount(value)}");
    }

    /// <summary>Brings the bar up to date and leaves its line.</summary>
    public void End()
    {
        if (_bar is null) return;
        DrawBar(_bar);
        error.WriteLine();
        _bar = null;
    }

    private void DrawBar(FetchProgress value)
    {
        var filled = value.Total > 0 ? (int)Math.Min(BarWidth, BarWidth * value.Done / value.Total) : 0;
        error.Write($"\r[{new string('#', filled)}{new string('.', BarWidth - filled)}] {Amount(value),-40}");
    }

    private string Amount(FetchProgress value)
    {
        var (since, before) = _start!.Value;
        var seconds = (_clock.Elapsed - since).TotalSeconds;
        var speed = seconds > 0.5 ? $", {TextTable.Size((long)((value.Done - before) / seconds))}/s" : "";
        var total = value.Total > 0 ? $" of {TextTable.Size(value.Total)}" : "";
        return TextTable.Size(value.Done) + total + speed;
    }
}
