using NeuralStyle.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Optimization;

/// <summary>
/// Processes large tensors piece by piece, so that intermediate results are small and stay in the cache.
/// </summary>
internal static class Strips
{
    private const long Elements = 1 << 22;

    /// <summary>
    /// Views of several tensors of one shape, as rows of at most 4 million elements. They, and all tensors created while they are in
    /// use, are freed when the next ones are requested.
    /// </summary>
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

    /// <summary>The inner product of two tensors of one shape, added up in float64: a scalar on their device.</summary>
    public static Tensor Dot(Tensor a, Tensor b)
    {
        var sum = zeros([], ScalarType.Float64, a.device);
        foreach (var strip in Of(a, b)) sum.add_(FixedSums.Dot(strip[0], strip[1]));
        return sum;
    }

    /// <summary>
    /// The largest absolute value, at least 10⁻³⁰: a float64 scalar on the device of the values, so that nothing waits for a GPU.
    /// </summary>
    /// <param name="values">Contiguous, of any shape.</param>
    /// <param name="finiteOnly">Whether values that are not finite count as 0.</param>
    public static Tensor Largest(Tensor values, bool finiteOnly = false)
    {
        var largest = full([], 1e-30, ScalarType.Float64, values.device);
        foreach (var strip in Of(values))
            largest.copy_(largest.maximum((finiteOnly ? strip[0].nan_to_num(0, 0, 0) : strip[0]).abs().max().to(ScalarType.Float64)));
        return largest;
    }
}
