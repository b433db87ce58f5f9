using System.Globalization;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Reduction;

namespace NeuralStyle.Cli.Progress;

/// <summary>Writes a line for each finished layer of a reduction, and one when a new stage begins.</summary>
internal sealed class ReductionReporter(TextWriter error) : IProgress<ReductionProgress>
{
    private string? _stage;

    public void Report(ReductionProgress value)
    {
        if (value.Finished is { } layer)
        {
            ErrorLine.Hint(error, string.Create(CultureInfo.InvariantCulture,
                $"{layer.Layer}: {layer.Channels} of {layer.TeacherChannels} channels, relative error {layer.Fitted:F4}, on "
                    + $"held-out pictures {layer.HeldOut:F4}"));
            return;
        }
        if (value.Stage == _stage) return;
        _stage = value.Stage;
        ErrorLine.Hint(error, string.Create(CultureInfo.InvariantCulture, $"{value.Stage} ({value.Done:P0})"));
    }
}
