using NeuralStyle.Runtime;
using static TorchSharp.torch;

namespace NeuralStyle.Losses;

/// <summary>
/// What a style loss sees of a layer: first and second moments of its activations over positions. Both are sums over positions
/// divided by their number, so they can be gathered in tiles, averaged over pictures and weighted by masks.
/// </summary>
/// <param name="Mean">C values: the mean activation of each channel.</param>
/// <param name="SecondMoment">C×C: F·Fᵀ / M with F the C×M matrix of activations; the Gram matrix of Gatys et al. divided by M.</param>
internal sealed record LayerStatistics(Tensor Mean, Tensor SecondMoment) : IDisposable
{
    private readonly Dictionary<string, Tensor> _derived = [];

    /// <summary>Gathers the moments of a whole layer.</summary>
    /// <param name="features">1×C×h×w activations.</param>
    /// <param name="mask">1×1×h×w weights of the positions; null counts each once.</param>
    /// <param name="positions">The result of <see cref="Positions"/>, if it is known.</param>
    public static LayerStatistics Of(Tensor features, Tensor? mask = null, double? positions = null)
    {
        var (sum, products) = Sums(features, mask);
        return FromSums(sum, products, positions ?? Positions(features, mask));
    }

    /// <summary>Number of positions of a layer or, with a mask, the sum of its weights.</summary>
    public static double Positions(Tensor features, Tensor? mask) =>
        mask is null ? features.shape[2] * features.shape[3] : FixedSums.Sum(mask.to(ScalarType.Float64)).item<double>();

    /// <summary>The sums behind the moments: Σ f and Σ f·fᵀ over positions, each weighted by the mask.</summary>
    /// <param name="features">1×C×h×w activations.</param>
    /// <param name="mask">1×1×h×w weights of the positions; null counts each once.</param>
    /// <returns>C values and C×C values.</returns>
    public static (Tensor Sum, Tensor Products) Sums(Tensor features, Tensor? mask = null)
    {
        var flat = features.flatten(2).squeeze(0); // C×M
        using var positions = flat.t();
        if (mask is null && !flat.requires_grad && PositionProducts.CanRun(positions)) return PositionProducts.Sums(positions);
        var weighted = mask is null ? flat : flat * mask.flatten(2).squeeze(0);
        return (weighted.sum(1), weighted.mm(positions));
    }

    /// <summary>
    /// Adds those sums of a part of a layer to the sums of the other parts, by strips of rows, without a copy of the part.
    /// </summary>
    /// <param name="features">1×C×h×w activations, in any order in memory.</param>
    /// <param name="mask">1×1×h×w weights of the positions; null counts each once.</param>
    /// <param name="sum">C values, float64.</param>
    /// <param name="products">C×C values, float64.</param>
    internal static void AddSums(Tensor features, Tensor? mask, Tensor sum, Tensor products)
    {
        foreach (var rows in RowStrips.Of(features))
        {
            using var scope = NewDisposeScope();
            var weights = mask is null ? null : rows.In(mask).contiguous();
            var (sums, moments) = Sums(RowStrips.Dense(rows.In(features)), weights);
            sum.add_(sums.to(ScalarType.Float64));
            products.add_(moments.to(ScalarType.Float64));
        }
    }

    /// <summary>Divides sums by the number of positions.</summary>
    public static LayerStatistics FromSums(Tensor sum, Tensor products, double positions)
    {
        var share = ShareOf(positions);
        return new LayerStatistics(sum * share, products * share);
    }

    /// <summary>The share of one position in the moments.</summary>
    internal static double ShareOf(double positions) => 1 / Math.Max(positions, 1e-6);

    /// <summary>The weighted mean of the statistics of several pictures.</summary>
    /// <param name="items">Statistics of one layer.</param>
    /// <param name="weights">One weight for each; they are divided by their sum.</param>
    public static LayerStatistics Average(IReadOnlyList<LayerStatistics> items, IReadOnlyList<double> weights)
    {
        var total = weights.Sum();
        var mean = zeros_like(items[0].Mean);
        var second = zeros_like(items[0].SecondMoment);
        for (var i = 0; i < items.Count; i++)
        {
            mean.add_(items[i].Mean, alpha: weights[i] / total);
            second.add_(items[i].SecondMoment, alpha: weights[i] / total);
        }
        return new LayerStatistics(mean, second);
    }

    /// <summary>The same values without history and outside every dispose scope: the caller owns them.</summary>
    public LayerStatistics Detached() => new(Mean.detach().DetachFromDisposeScope(), SecondMoment.detach().DetachFromDisposeScope());

    /// <summary>A value that a loss derives once from a target and needs at every evaluation. Freed with the statistics.</summary>
    internal Tensor Remember(string name, Func<Tensor> derive)
    {
        lock (_derived)
        {
            if (_derived.TryGetValue(name, out var known)) return known;
            using var _ = no_grad();
            using var scope = NewDisposeScope();
            return _derived[name] = derive().detach().DetachFromDisposeScope();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var value in _derived.Values) value.Dispose();
        _derived.Clear();
        Mean.Dispose();
        SecondMoment.Dispose();
    }
}
