using System.Diagnostics;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Weights.Download;
using Spectre.Console;

namespace NeuralStyle.Cli.Progress;

/// <summary>Shows a download: a bar on a terminal, a line every few seconds elsewhere.</summary>
internal sealed class FetchReporter : IProgress<FetchProgress>
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(5); // between lines

    private readonly TextWriter _error;
    private readonly ProgressTask? _bar; // null for lines
    private readonly Action<string> _line;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan _next = TimeSpan.Zero;
    private (TimeSpan Time, long Done)? _start;

    private FetchReporter(TextWriter error, ProgressTask? bar, Action<string> line) => (_error, _bar, _line) = (error, bar, line);

    /// <summary>Shows the reports of <paramref name="fetch"/> until it ends.</summary>
    /// <param name="error">Receives lines, or the bar.</param>
    /// <param name="isTerminal">Whether a bar can be drawn.</param>
    /// <param name="fetch">Downloads.</param>
    public static T Show<T>(TextWriter error, bool isTerminal, Func<IProgress<FetchProgress>, T> fetch)
    {
        if (!isTerminal) return fetch(new FetchReporter(error, null, error.WriteLine));
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(error),
            Ansi = AnsiSupport.Yes,
            Interactive = InteractionSupport.Yes,
        });
        return console.Progress()
            .Columns(new Spectre.Console.ProgressBarColumn(), new PercentageColumn(),
                new TaskDescriptionColumn { Alignment = Justify.Left })
            .Start(context =>
            {
                var bar = context.AddTask("…", maxValue: 1); // an empty name is refused
                return fetch(new FetchReporter(error, bar, line => console.WriteLine(line))); // above the bar
            });
    }

    public void Report(FetchProgress value)
    {
        _start ??= (_clock.Elapsed, value.Done);
        if (value.Message is { } message) _line($"nst: note: {Printable.Of(message)}");
        if (_bar is not null)
        {
            if (value.Total > 0) (_bar.MaxValue, _bar.Value) = (value.Total, value.Done);
            else _bar.IsIndeterminate = true;
            _bar.Description = Amount(value);
        }
        else if (_clock.Elapsed >= _next && value.Done > 0)
        {
            _next = _clock.Elapsed + s_interval;
            _error.WriteLine(Amount(value));
        }
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
