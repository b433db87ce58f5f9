using System.Globalization;
using Spectre.Console;

namespace NeuralStyle.Cli.Reporting;

/// <summary>Progress as live bars in a terminal, one per scale.</summary>
internal sealed class ProgressBar(ProgressContext context) : IProgress<RunProgress>
{
    private ProgressTask? _task;
    private int _scale = -1;

    /// <summary>Shows bars on stderr while <paramref name="run"/> works.</summary>
    public static T Show<T>(TextWriter error, Func<IProgress<RunProgress>, T> run)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(error) });
        return console.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new Spectre.Console.ProgressBarColumn(), new PercentageColumn())
            .Start(context => run(new ProgressBar(context)));
    }

    public void Report(RunProgress value)
    {
        if (value.Scale != _scale || _task is null)
        {
            _scale = value.Scale;
            _task = context.AddTask("", maxValue: value.Iterations);
        }
        _task.Value = value.EndsScale ? value.Iterations : value.Iteration;
        var tail = value.Flat ? " · flat" : value.EndsScale ? "" : " · " + ProgressLines.TimeLeft(value);
        _task.Description = string.Create(CultureInfo.InvariantCulture,
            $"{value.Size} · {value.Iteration}/{value.Iterations} · loss {value.ReadLosses().Total:G4}{tail}");
    }
}
