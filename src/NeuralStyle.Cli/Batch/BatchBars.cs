using System.Globalization;
using System.Text;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Cli.Progress;
using NeuralStyle.Runs;
using Spectre.Console;

namespace NeuralStyle.Cli.Batch;

/// <summary>Live bars in a terminal: one for the batch, one for each picture in progress. Lines are written above them.</summary>
internal sealed class BatchBars
{
    private readonly IAnsiConsole _console;
    private readonly int _total;
    private readonly Dictionary<BatchItem, ProgressTask> _pictures = [];
    private ProgressContext? _live;
    private ProgressTask? _batch;

    /// <param name="error">The terminal.</param>
    /// <param name="total">Number of pictures.</param>
    /// <param name="ansi">Whether it supports control sequences; detected unless a test sets it.</param>
    public BatchBars(TextWriter error, int total, AnsiSupport ansi = AnsiSupport.Detect)
    {
        _total = total;
        _console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(error),
            Ansi = ansi,
            Interactive = ansi == AnsiSupport.Yes ? InteractionSupport.Yes : InteractionSupport.Detect,
        });
        Lines = new LineWriter(line =>
        {
            if (_live is null) error.WriteLine(line);
            else _console.WriteLine(line);
        });
    }

    /// <summary>Takes whole lines.</summary>
    public TextWriter Lines { get; }

    /// <summary>Shows the bars during <paramref name="work"/>.</summary>
    public void ShowWhile(Action work) => _console.Progress()
        .HideCompleted(true)
        .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new Spectre.Console.ProgressBarColumn(), new PercentageColumn())
        .Start(context =>
        {
            (_live, _batch) = (context, context.AddTask($"0/{_total}", maxValue: _total));
            work();
            _live = null;
        });

    /// <summary>Shows the progress of a picture. Called by one thread at a time.</summary>
    public void Report(BatchItem item, RunProgress value, double done, string left)
    {
        if (_live is null) return;
        if (!_pictures.TryGetValue(item, out var task))
            task = _pictures[item] = _live.AddTask("…", maxValue: 1.0001); // it is complete only when it is written
        task.Value = value.Fraction;
        task.Description = string.Create(CultureInfo.InvariantCulture,
            $"{Printable.Of(item.Name)} · scale {value.Scale + 1}/{value.Scales} {value.Size} · {value.Iteration}/{value.Iterations} · "
                + $"loss {value.Loss:G4}{ProgressLines.TimeLeft(value)}").EscapeMarkup();
        Batch(done, left);
    }

    /// <summary>Removes the bar of a finished picture. Called by one thread at a time.</summary>
    public void Finish(BatchItem item, double done, string left)
    {
        if (_pictures.Remove(item, out var task)) task.StopTask();
        if (task is not null) task.Value = task.MaxValue;
        Batch(done, left);
    }

    private void Batch(double done, string left)
    {
        if (_batch is null) return;
        _batch.Value = Math.Min(done, _total - 1e-3); // stays to the end
        _batch.Description = string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(done + 1e-9)}/{_total}{left}").EscapeMarkup();
    }

    private sealed class LineWriter(Action<string> write) : TextWriter
    {
        public override Encoding Encoding => Encoding.UTF8;

        public override void WriteLine(string? value) => write(value ?? "");

        public override void Write(char value) => throw new NotSupportedException("whole lines are written");
    }
}
