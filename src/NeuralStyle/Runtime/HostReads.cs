using static TorchSharp.torch;

namespace NeuralStyle.Runtime;

/// <summary>
/// Numbers fetched from a device. A GPU works behind what it is told; each fetch waits until it has caught up. So numbers that are
/// needed together are fetched together, and the fetches are counted: tests hold the number in an iteration down.
/// </summary>
internal static class HostReads
{
    [ThreadStatic]
    private static long s_count;

    /// <summary>Fetches on this thread so far.</summary>
    public static long Count => s_count;

    /// <summary>The elements of some tensors, one behind the other.</summary>
    public static double[] Of(params IReadOnlyList<Tensor> tensors)
    {
        s_count++;
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        return cat(tensors.Select(tensor => tensor.to(ScalarType.Float64).view(-1)).ToArray()).cpu().data<double>().ToArray();
    }
}
