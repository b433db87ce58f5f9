using NeuralStyle.Evaluation.Tiling;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Evaluation;

/// <summary>The positions of a layer, or of a tile's part of it, in row order.</summary>
internal static class Positions
{
    /// <summary>Their activations.</summary>
    /// <param name="features">1×C×h×w, in any memory order.</param>
    /// <param name="factor">On each side so many positions are averaged into one.</param>
    /// <returns>M×C.</returns>
    public static Tensor Of(Tensor features, int factor = 1)
    {
        var pooled = factor == 1 ? features : nn.functional.avg_pool2d(features, factor, factor);
        return pooled.permute(0, 2, 3, 1).reshape(-1, features.shape[1]);
    }

    /// <summary>Which places of a layer lie in the core of a tile.</summary>
    /// <param name="rows">Rows in the whole layer, int64.</param>
    /// <param name="columns">Columns in the whole layer, int64.</param>
    /// <param name="tile">The tile.</param>
    /// <param name="stride">Of the layer.</param>
    /// <returns>Their numbers among all places, and their positions in the core in row order.</returns>
    public static (Tensor Which, Tensor Where) Inside(Tensor rows, Tensor columns, Tile tile, int stride)
    {
        var (down, across) = (tile.Rows.WholeAt(stride), tile.Columns.WholeAt(stride));
        var which = rows.ge(down.Start).logical_and_(rows.lt(down.End)).logical_and_(columns.ge(across.Start))
            .logical_and_(columns.lt(across.End)).nonzero().flatten();
        var where = (rows.index_select(0, which) - down.Start) * across.Length + columns.index_select(0, which) - across.Start;
        return (which, where);
    }
}
