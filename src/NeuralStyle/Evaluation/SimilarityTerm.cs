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
    public Tensor At(Tensor features) => Rows(features).index_select(0, Places);

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

    /// <summary>The places within a part of the layer: which of them, and their positions in the part in row order.</summary>
    /// <param name="width">Columns of the whole layer.</param>
    /// <param name="rows">The part's first row and the one after its last.</param>
    /// <param name="columns">The same for columns.</param>
    public (Tensor Which, Tensor Where) Inside(long width, (long Start, long End) rows, (long Start, long End) columns)
    {
        var (row, column) = (Places.div(width, RoundingMode.floor), Places.remainder(width));
        var which = row.ge(rows.Start).logical_and_(row.lt(rows.End)).logical_and_(column.ge(columns.Start))
            .logical_and_(column.lt(columns.End)).nonzero().flatten();
        var where = (row.index_select(0, which) - rows.Start) * (columns.End - columns.Start)
            + column.index_select(0, which) - columns.Start;
        return (which, where);
    }

    /// <summary>The activations of a part, M×C in row order.</summary>
    /// <param name="features">1×C×h×w, in any memory order.</param>
    public static Tensor Rows(Tensor features) => features.permute(0, 2, 3, 1).reshape(-1, features.shape[1]);

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
