using NeuralStyle.Cli.Jobs;
using NeuralStyle.Runs;

namespace NeuralStyle.Cli.Progress;

/// <summary>Writes an intermediate picture every so many iterations. One that cannot be written does not end the run.</summary>
/// <param name="every">How many.</param>
/// <param name="output">The file of the finished picture.</param>
/// <param name="save">Writes a picture.</param>
/// <param name="warn">Told of a picture that could not be written; null for no one.</param>
internal sealed class PictureSaver(int every, string output, Action<TorchSharp.torch.Tensor, string> save, Action<string>? warn = null)
    : IProgress<RunProgress>
{
    public void Report(RunProgress value)
    {
        if (value.Iteration % every != 0) return;
        using var image = value.Snapshot();
        try
        {
            save(image, IntermediateName.Of(output, value.Scale + 1, value.Iteration));
        }
        catch (Exception failure) when (failure is InvalidInputException or RunFailedException)
        {
            warn?.Invoke($"{failure.Message}; the run continues without this picture");
        }
    }
}
