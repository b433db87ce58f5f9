using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Optimization;

/// <summary>
/// Large tensors piece by piece: what lies between two steps of a computation is then small, and stays in the cache.
/// </summary>
internal static class Strips
{
    private const long Elements = 1 << 22;

    /// <summary>Views of tensors of one shape, side by side, as rows of at most 4 million elements. They, and whatever is created while they are in use, are freed as the next are asked for.</summary>
    /// <param name="whole">Contiguous, all of one shape.</param>
    public static IEnumerable<Tensor[]> Of(params Tensor[] whole)
    {
        var total = whole[0].numel();
        for (var start = 0L; start < total; start += Elements)
        {
            using var scope = NewDisposeScope();
            yield return Array.ConvertAll(whole, tensor => tensor.view(-1).narrow(0, start, Math.Min(Elements, total - start)));
        }
    }
}
