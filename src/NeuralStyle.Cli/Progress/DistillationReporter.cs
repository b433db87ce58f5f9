using System.Diagnostics;
using System.Globalization;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Reduction.Distilling;

namespace NeuralStyle.Cli.Progress;

/// <summary>Writes what a training does: its stages, a line for some of its steps, and the errors before and after.</summary>
internal sealed class DistillationReporter(TextWriter error) : IProgress<DistillationProgress>
{
    private readonly Stopwatch _sinceTraining = new();
    private string? _stage;

    /// <summary>Says what is going to be done.</summary>
    public void Begin(string folder, string device) => ErrorLine.Hint(error, $"training on crops of '{folder}', on {device}");

    public void Report(DistillationProgress value)
    {
        if (value.Layers is { } layers)
        {
            ErrorLine.Hint(error, "relative errors on held-out pictures before training:");
            Table([["layer", "channels", "before"], .. layers.Select(layer => new[] { layer.Layer.ToString(), Channels(layer),
                Number(layer.Before) })]);
            _sinceTraining.Restart();
        }
        else if (value.Loss is { } loss)
        {
            var each = _sinceTraining.Elapsed.TotalSeconds / value.Step;
            ErrorLine.Hint(error, string.Create(CultureInfo.InvariantCulture, $"step {value.Step} of {value.Steps}: loss {loss:F4}, "
                + $"{each:F3} s a step, {each * (value.Steps - value.Step):F0} s left"));
        }
        else if (value.Stage != _stage)
        {
            _stage = value.Stage;
            ErrorLine.Hint(error, value.Steps > 1 ? $"{value.Stage} ({value.Steps})" : value.Stage);
        }
    }

    /// <summary>Writes the errors before and after.</summary>
    public void End(DistilledNetwork network)
    {
        ErrorLine.Hint(error, $"relative errors on held-out pictures before and after training, of the "
            + $"{(network.Averaged ? "average of the last steps" : "last step")}:");
        Table([["layer", "channels", "before", "after"], .. network.Layers.Select(layer => new[] { layer.Layer.ToString(), Channels(layer),
            Number(layer.Before), Number(layer.After!.Value) })]);
    }

    private void Table(IReadOnlyList<string[]> rows) => TextTable.Write(error, rows, rightFrom: 2);

    private static string Channels(DistilledLayer layer) =>
        string.Create(CultureInfo.InvariantCulture, $"{layer.Channels} of {layer.TeacherChannels}");

    private static string Number(double value) => value.ToString("F4", CultureInfo.InvariantCulture);
}
