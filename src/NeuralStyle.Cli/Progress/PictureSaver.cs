using NeuralStyle.Cli.Jobs;
using NeuralStyle.Runs;

namespace NeuralStyle.Cli.Progress;

/// <summary>Writes an intermediate picture every N iterations.</summary>
internal sealed class PictureSaver(int every, string output, Action<TorchSharp.torch.Tensor, string> save) : IProgress<RunProgress>
{
    public void Report(RunProgress value)
    {
        if (value.Iteration % every != 0) return;
        using var image = value.Snapshot();
        save(image, IntermediateName.Of(output, value.Scale + 1, value.Iteration));
    }
}
