using static TorchSharp.torch;

namespace NeuralStyle;

/// <summary>The result of a run.</summary>
/// <param name="Image">1×3×H×W in [0, 1] on the CPU; owned by the caller.</param>
/// <param name="Completed">False when the run was cancelled and the image is the best so far.</param>
/// <param name="Begun">False when the run was cancelled before its first iteration: the image is the start image.</param>
public sealed record StyleResult(Tensor Image, bool Completed, bool Begun = true) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Image.Dispose();
}
