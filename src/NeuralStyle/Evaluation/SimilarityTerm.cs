using NeuralStyle.Evaluation.Tiling;
using NeuralStyle.Losses;
using NeuralStyle.Vgg;
using static TorchSharp.torch;

namespace NeuralStyle.Evaluation;

/// <summary>One content term of the kind <see cref="ContentLossKind.SelfSimilarity"/>.</summary>
/// <param name="Layer">Where.</param>
/// <param name="Weight">Its weight in the total.</param>
/// <param name="Places">n int64 positions of the layer in row order.</param>
/// <param name="Target">n×n, see <see cref="SelfSimilarity.Distances"/>.</param>
internal sealed record SimilarityTerm(VggLayer Layer, double Weight, Tensor Places, Tensor Target) : IDisposable
{
    /// <summary>The activations at the places, n×C, differentiable.</summary>
    /// <param name="features">1×C×h×w.</param>
    public Tensor At(Tensor features) => Positions.Of(features).index_select(0, Places);

    /// <summary>The loss and the derivative of the weighted one.</summary>
    /// <param name="places">n×C activations.</param>
    /// <returns>A scalar before weighting and n×C; in the caller's dispose scope.</returns>
    public (Tensor Loss, Tensor Slope) WithSlope(Tensor places)
    {
        using var scope = NewDisposeScope();
        using var _ = enable_grad();
        var x = places.detach().requires_grad_();
        var loss = SelfSimilarity.Of(x, Target);
        var slope = autograd.grad([loss * Weight], [x])[0];
        return (loss.detach().MoveToOuterDisposeScope(), slope.MoveToOuterDisposeScope());
    }

    /// <summary>The places in the core of a tile: which of them, and their positions in it in row order.</summary>
    /// <param name="width">Of the picture, in pixels.</param>
    /// <param name="tile">The tile.</param>
    public (Tensor Which, Tensor Where) Inside(long width, Tile tile)
    {
        var columns = width / Layer.Stride;
        return Positions.Inside(Places.div(columns, RoundingMode.floor), Places.remainder(columns), tile, Layer.Stride);
    }

    /// <summary>Adds slopes at positions to the gradient of the activations.</summary>
    /// <param name="gradient">1×C×h×w, in any memory order.</param>
    /// <param name="where">Positions in row order, k int64 values.</param>
    /// <param name="slope">k×C.</param>
    public static void AddSlope(Tensor gradient, Tensor where, Tensor slope)
    {
        using var scope = NewDisposeScope();
        var width = gradient.shape[3];
        var positions = gradient.squeeze(0).permute(1, 2, 0); // h×w×C
        positions.index_put_(slope, [where.div(width, RoundingMode.floor), where.remainder(width)], accumulate: true);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Places.Dispose();
        Target.Dispose();
    }
}
