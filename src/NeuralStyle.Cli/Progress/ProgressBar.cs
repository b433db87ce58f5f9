using System.Diagnostics;
using System.Globalization;
using NeuralStyle.Runs;
using Spectre.Console;

namespace NeuralStyle.Cli.Progress;

/// <summary>Progress as live bars in a terminal, one per scale. The loss changes twice a second at most, so that it can be read.</summary>
internal sealed class ProgressBar(ProgressContext context) : IProgress<RunProgress>
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.5);

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan _next = TimeSpan.Zero;
    private ProgressTask? _task;
    private int _scale = -1;
    private double _loss;

    /// <summary>Shows bars on stderr while <paramref name="run"/> works.</summary>
    /// <param name="error">The terminal.</param>
    /// <param name="run">The work.</param>
    /// <param name="ansi">Whether it supports control sequences; detected unless a test sets it.</param>
    public static T Show<T>(TextWriter error, Func<IProgress<RunProgress>, T> run, AnsiSupport ansi = AnsiSupport.Detect)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(error),
            Ansi = ansi,
            Interactive = ansi == AnsiSupport.Yes ? InteractionSupport.Yes : InteractionSupport.Detect,
        });
        return console.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new Spectre.Console.ProgressBarColumn(),
                new PercentageColumn())
            .Start(context => run(new ProgressBar(context)));
    }

    public void Report(RunProgress value)
    {
        if (value.Scale != _scale || _task is null)
        {
            _scale = value.Scale;
            _task = context.AddTask($"{value.Size}", maxValue: value.Iterations); // an empty name is refused
        }
        if (value.EndsScale || _clock.Elapsed >= _next) (_loss, _next) = (value.Loss, _clock.Elapsed + Interval);
        _task.Value = value.EndsScale ? value.Iterations : value.Iteration;
        var tail = value.Flat ? " · flat" : value.EndsScale ? "" : ProgressLines.TimeLeft(value);
        _task.Description = string.Create(CultureInfo.InvariantCulture,
            $"scale {value.Scale + 1}/{value.Scales} {value.Size} · {value.Iteration}/{value.Iterations} · loss {_loss:G4}{tail}");
    }
}
