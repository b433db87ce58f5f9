using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Runtime;

/// <summary>
/// Sums over all elements that do not depend on the number of threads. libtorch gives each thread a share of a long sum, so its last bits
/// change with the number of threads; here the shares have a fixed length. On other devices than the CPU libtorch's own sums are taken.
/// </summary>
internal static class FixedSums
{
    /// <summary>Length of a share. libtorch adds up to 32,768 values on one thread.</summary>
    private const int Share = 1 << 14;

    /// <summary>The sum of all elements. Can be differentiated.</summary>
    /// <param name="values">Any shape.</param>
    /// <returns>A scalar of the same type.</returns>
    public static Tensor Sum(Tensor values)
    {
        if (values.device_type != DeviceType.CPU || values.numel() <= Share) return values.sum();
        using var scope = NewDisposeScope();
        var flat = values.reshape(-1);
        while (flat.numel() > Share)
        {
            var whole = flat.numel() / Share * Share;
            var sums = flat.narrow(0, 0, whole).view(-1, Share).sum(1).to(ScalarType.Float64);
            var rest = flat.narrow(0, whole, flat.numel() - whole);
            flat = cat([sums, rest.sum(0, keepdim: true).to(ScalarType.Float64)]);
        }
        return flat.sum().to(values.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>Σ a·b over all elements.</summary>
    /// <param name="a">Contiguous, any shape.</param>
    /// <param name="b">The same shape and type, contiguous.</param>
    /// <returns>A float64 scalar on the device of the tensors.</returns>
    public static Tensor Dot(Tensor a, Tensor b)
    {
        if (a.device_type != DeviceType.CPU) return a.view(-1).dot(b.view(-1)).to(ScalarType.Float64);
        if (a.dtype != ScalarType.Float32) return Sum(a * b).to(ScalarType.Float64);
        var sums = new double[Shares(a.numel())];
        var (first, second) = (TensorMemory.AddressOf(a), TensorMemory.AddressOf(b));
        ForShares(a.numel(), (share, start, length) => sums[share] = Dot(first, second, start, length));
        TensorMemory.KeepAlive(a, b);
        return tensor(sums.Sum(), ScalarType.Float64);
    }

    /// <summary>Number of shares of a fixed length.</summary>
    /// <param name="count">Number of elements.</param>
    internal static int Shares(long count) => (int)((count + Share - 1) / Share);

    /// <summary>Does something with each share, several at a time.</summary>
    /// <param name="count">Number of elements.</param>
    /// <param name="work">Receives the number of the share, its first element and its length.</param>
    internal static void ForShares(long count, Action<int, long, int> work) => PartLoop.Run(Shares(count), get_num_threads(), share =>
    {
        var start = (long)share * Share;
        work(share, start, (int)Math.Min(Share, count - start));
    });

    /// <summary>Σ a·b over a share of two float32 arrays.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static unsafe double Dot(nint a, nint b, long start, int length)
    {
        var x = new ReadOnlySpan<float>((float*)a + start, length);
        var y = new ReadOnlySpan<float>((float*)b + start, length);
        var xs = MemoryMarshal.Cast<float, Vector<float>>(x);
        var ys = MemoryMarshal.Cast<float, Vector<float>>(y);
        var (s0, s1, s2, s3) = (Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero);
        var i = 0;
        for (; i + 3 < xs.Length; i += 4)
        {
            s0 += xs[i] * ys[i];
            s1 += xs[i + 1] * ys[i + 1];
            s2 += xs[i + 2] * ys[i + 2];
            s3 += xs[i + 3] * ys[i + 3];
        }
        for (; i < xs.Length; i++) s0 += xs[i] * ys[i];
        double sum = Vector.Sum(s0 + s1 + (s2 + s3));
        for (var rest = xs.Length * Vector<float>.Count; rest < length; rest++) sum += (double)x[rest] * y[rest];
        return sum;
    }
}
