using NeuralStyle.Losses;
using static TorchSharp.torch;

namespace NeuralStyle.Evaluation;

/// <summary>
/// How much each position of a layer counts. The sum of the weights is read once, because a read at every evaluation would make a GPU wait.
/// </summary>
/// <param name="weights">1×1×h×w; owned.</param>
internal sealed class WeightedMask(Tensor weights) : IDisposable
{
    /// <summary>1×1×h×w.</summary>
    public Tensor Weights { get; } = weights;

    /// <summary>The sum of the weights.</summary>
    public double Sum { get; } = LayerStatistics.Positions(weights, weights);

    /// <inheritdoc/>
    public void Dispose() => Weights.Dispose();
}
