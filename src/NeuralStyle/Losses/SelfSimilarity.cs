using NeuralStyle.Runtime;
using static TorchSharp.torch;

namespace NeuralStyle.Losses;

/// <summary>
/// The content loss of Kolkin, Salavon and Shakhnarovich 2019 ("Style Transfer by Relaxed Optimal Transport and Self-Similarity",
/// equation 6): how similar places of the picture are to each other, not what they look like, should be as in the content. With the cosine
/// distances D between n places, each column divided by its sum, it is <c>1/n · Σ |D − D'|</c>, from 0 to 2. Departures: the places are
/// fixed, not drawn again at each step; each layer is compared by itself, not all as one hypercolumn.
/// </summary>
internal static class SelfSimilarity
{
    private const double Tiny = 1e-8;

    /// <summary>Most places: their distances to each other are n² numbers.</summary>
    public const int MostPlaces = 1024;

    /// <summary>The distances between places, each column divided by its sum.</summary>
    /// <param name="places">n×C activations.</param>
    /// <returns>n×n, differentiable.</returns>
    public static Tensor Distances(Tensor places)
    {
        var unit = places / (places.square().sum(1, keepdim: true) + Tiny).sqrt();
        var distances = (1 - unit.mm(unit.t())).clamp_min(0);
        return distances / (distances.sum(0, keepdim: true) + Tiny);
    }

    /// <summary>The loss, differentiable in <paramref name="places"/>.</summary>
    /// <param name="places">n×C activations of the picture that is made.</param>
    /// <param name="target">n×n, the <see cref="Distances"/> of the content at the same places.</param>
    public static Tensor Of(Tensor places, Tensor target) => FixedSums.Sum((Distances(places) - target).abs()) / places.shape[0];

    /// <summary>Places of a layer, spread evenly: all, or as many as are wanted at most.</summary>
    /// <param name="height">Rows of the layer.</param>
    /// <param name="width">Columns.</param>
    /// <param name="device">Where to make them.</param>
    /// <param name="most">Most places.</param>
    /// <returns>Positions in row order, n int64 values.</returns>
    public static Tensor Places(long height, long width, Device device, int most = MostPlaces)
    {
        var share = Math.Sqrt(Math.Min(1, (double)most / (height * width)));
        var (rows, columns) = (Math.Max(1, (long)(height * share)), Math.Max(1, (long)(width * share)));
        using var scope = NewDisposeScope();
        // in the middle of each part
        Tensor Spread(long count, long side) => ((arange(count, ScalarType.Float64, device) + 0.5) * ((double)side / count))
            .floor().to(ScalarType.Int64);
        return (Spread(rows, height).unsqueeze(1) * width + Spread(columns, width)).flatten().MoveToOuterDisposeScope();
    }
}
