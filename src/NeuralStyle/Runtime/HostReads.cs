using static TorchSharp.torch;

namespace NeuralStyle.Runtime;

/// <summary>
/// Numbers read from a device. A GPU runs asynchronously; each read waits until it has caught up. So numbers that are
/// needed together are read together, and reads are counted: tests limit their number per iteration.
/// </summary>
internal static class HostReads
{
    [ThreadStatic]
    private static long s_count;

    /// <summary>Reads on this thread so far.</summary>
    public static long Count => s_count;

    /// <summary>The elements of several tensors, concatenated.</summary>
    public static double[] Of(params IReadOnlyList<Tensor> tensors)
    {
        s_count++;
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        return cat(tensors.Select(tensor => tensor.to(ScalarType.Float64).view(-1)).ToArray()).cpu().data<double>().ToArray();
    }
}
