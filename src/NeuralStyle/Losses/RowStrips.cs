using static TorchSharp.torch;

namespace NeuralStyle.Losses;

/// <summary>
/// Some rows of activations. Losses on a part of a layer go through it strip by strip: intermediate results stay in the cache, and no copy
/// of the part is made.
/// </summary>
/// <param name="Start">The first row.</param>
/// <param name="Count">Number of rows.</param>
internal readonly record struct RowStrips(long Start, long Count)
{
    private const long Elements = (1 << 19) - 1024;

    /// <summary>Strips that together are all rows.</summary>
    /// <param name="features">1×C×h×w.</param>
    public static IEnumerable<RowStrips> Of(Tensor features)
    {
        var (rows, most) = (features.shape[2], Math.Max(1, Elements / Math.Max(1, features.shape[1] * features.shape[3])));
        for (var start = 0L; start < rows; start += most) yield return new RowStrips(start, Math.Min(most, rows - start));
    }

    /// <summary>A view of these rows.</summary>
    /// <param name="features">1×C×h×w.</param>
    public Tensor In(Tensor features) => features.narrow(2, Start, Count);

    /// <summary>
    /// A copy without gaps that keeps the memory order: if the channels of a position are side by side, as in the fused network,
    /// nothing is transposed.
    /// </summary>
    /// <param name="features">1×C×h×w.</param>
    public static Tensor Dense(Tensor features) =>
        features.stride(1) == 1 ? features.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2) : features.contiguous();
}
