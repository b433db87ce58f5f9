using NeuralStyle.Losses;
using NeuralStyle.Vgg;
using static TorchSharp.torch;

namespace NeuralStyle.Evaluation;

/// <summary>
/// One term that pulls the positions of a layer to positions of the style, see <see cref="CosinePull"/>. Which positions of the style, a
/// search decides, and again later: <see cref="Targets"/>.
/// </summary>
/// <param name="Layer">Where.</param>
/// <param name="Weight">Its weight in the total.</param>
/// <param name="Kind"><see cref="StyleLossKind.Nearest"/> or <see cref="StyleLossKind.Remd"/>.</param>
internal sealed record PullTerm(VggLayer Layer, double Weight, StyleLossKind Kind) : IDisposable
{
    private PullTargets? _targets;

    /// <summary>What a search found; owned by the term.</summary>
    /// <exception cref="InvalidOperationException">Nothing was searched yet.</exception>
    public PullTargets Targets
    {
        get => _targets ?? throw new InvalidOperationException("no search has been made for this term");
        set
        {
            _targets?.Dispose();
            _targets = value;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _targets?.Dispose();
}

/// <summary>The positions of the style that positions of a layer are pulled to.</summary>
/// <param name="Grid">The layer whose positions have targets: the term's own, or a deeper one; then activations are averaged over
/// squares to its size.</param>
/// <param name="Centre">C values: the style's mean.</param>
/// <param name="Vectors">K×C: centred activations of the style, each divided by its norm.</param>
/// <param name="Index">n×1×h×w, int64: n rows of <paramref name="Vectors"/> for each position of the grid.</param>
/// <param name="Back">The other direction of the relaxed earth mover's distance; null without it.</param>
internal sealed record PullTargets(VggLayer Grid, Tensor Centre, Tensor Vectors, Tensor Index, BackwardPull? Back = null) : IDisposable
{
    /// <summary>The targets of some positions, and the sum of their weights; the weights of all positions are 1 together.</summary>
    /// <param name="part">Takes the part from a tensor of the grid's size, n×1×h×w.</param>
    /// <returns>M×C, see <see cref="CosinePull.Of"/>.</returns>
    public (Tensor Rows, double Weights) At(Func<Tensor, Tensor> part)
    {
        using var scope = NewDisposeScope();
        var index = part(Index);
        var (several, count) = (index.shape[0], index.shape[2] * index.shape[3]);
        var share = (Back is null ? 1 : 0.5) / (Index.shape[2] * Index.shape[3]); // of one position
        var rows = Vectors.index_select(0, index.reshape(-1));
        if (several > 1) rows = rows.view(several, count, -1).mean([0]);
        rows.mul_(share);
        var weights = share * count;
        if (Back is not null)
        {
            var (keys, positions) = Back.In(part);
            var each = 0.5 / Vectors.shape[0];
            rows.index_add_(0, positions, Vectors.index_select(0, keys), each);
            weights += each * keys.shape[0];
        }
        return (rows.MoveToOuterDisposeScope(), weights);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Centre.Dispose();
        Vectors.Dispose();
        Index.Dispose();
        Back?.Dispose();
    }
}

/// <summary>The nearest position of the picture for every key of the style.</summary>
/// <param name="Keys">K int64 values: the keys, those of a position side by side, positions in row order.</param>
/// <param name="Starts">1×1×h×w, int64: where those of a position begin.</param>
/// <param name="Counts">1×1×h×w, int64: how many a position has.</param>
internal sealed record BackwardPull(Tensor Keys, Tensor Starts, Tensor Counts) : IDisposable
{
    /// <summary>Sorts keys by their positions.</summary>
    /// <param name="positions">K int64 values: the position of each key, in row order.</param>
    /// <param name="height">Rows of the grid.</param>
    /// <param name="width">Columns of the grid.</param>
    public static BackwardPull Of(Tensor positions, long height, long width)
    {
        using var scope = NewDisposeScope();
        var count = positions.shape[0];
        var keys = (positions * count + arange(count, ScalarType.Int64, positions.device)).argsort(); // equal positions in order of keys
        var counts = positions.bincount(null, height * width);
        var starts = counts.cumsum(0) - counts;
        return new BackwardPull(keys.DetachFromDisposeScope(), starts.view(1, 1, height, width).DetachFromDisposeScope(),
            counts.view(1, 1, height, width).DetachFromDisposeScope());
    }

    /// <summary>The keys of a part of the grid and their positions in it, in row order.</summary>
    /// <param name="part">Takes the part from a tensor of the grid's size.</param>
    public (Tensor Keys, Tensor Positions) In(Func<Tensor, Tensor> part)
    {
        var (starts, counts) = (part(Starts).reshape(-1), part(Counts).reshape(-1));
        var positions = arange(counts.shape[0], ScalarType.Int64, counts.device).repeat_interleave(counts);
        // the place of each among those of its position
        var within = arange(positions.shape[0], ScalarType.Int64, counts.device)
            - (counts.cumsum(0) - counts).repeat_interleave(counts);
        return (Keys.index_select(0, starts.repeat_interleave(counts) + within), positions);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Keys.Dispose();
        Starts.Dispose();
        Counts.Dispose();
    }
}
