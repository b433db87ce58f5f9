using System.Numerics;
using System.Runtime.CompilerServices;
using NeuralStyle.Runtime;
using static TorchSharp.torch;

namespace NeuralStyle.Losses;

/// <summary>
/// Squared differences of activations and their gradients on the CPU, in one pass each and without a tensor in between. The results do not
/// depend on the number of threads.
/// </summary>
internal static unsafe class DifferenceLoops
{
    /// <summary>Whether these can be used: float32 on the CPU, of one shape, in one order in memory.</summary>
    public static bool Take(Tensor a, Tensor b) => TensorMemory.IsPlain(a) && TensorMemory.IsPlain(b) && a.numel() == b.numel();

    /// <summary>Σ(a−b)².</summary>
    /// <param name="a">Any shape.</param>
    /// <param name="b">The same shape.</param>
    public static double Squares(Tensor a, Tensor b)
    {
        var (x, y) = (TensorMemory.AddressOf(a), TensorMemory.AddressOf(b));
        var sums = new double[FixedSums.Shares(a.numel())];
        FixedSums.ForShares(a.numel(), (share, start, length) => sums[share] = Squares((float*)x + start, (float*)y + start, length));
        TensorMemory.KeepAlive(a, b);
        return sums.Sum();
    }

    /// <summary>Adds factor·(a−b) to a gradient, in place.</summary>
    /// <param name="gradient">The same shape, contiguous.</param>
    /// <param name="a">Any shape.</param>
    /// <param name="b">The same shape.</param>
    /// <param name="factor">The factor.</param>
    public static void AddTo(Tensor gradient, Tensor a, Tensor b, double factor)
    {
        var (to, x, y) = (TensorMemory.AddressOf(gradient), TensorMemory.AddressOf(a), TensorMemory.AddressOf(b));
        FixedSums.ForShares(a.numel(), (_, start, length) =>
            Add((float*)to + start, (float*)x + start, (float*)y + start, length, (float)factor));
        TensorMemory.KeepAlive(gradient, a, b);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Squares(float* x, float* y, int length)
    {
        var width = Vector<float>.Count;
        var (s0, s1, s2, s3) = (Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero);
        var i = 0;
        for (; i + 4 * width <= length; i += 4 * width)
        {
            var d0 = Vector.Load(x + i) - Vector.Load(y + i);
            var d1 = Vector.Load(x + i + width) - Vector.Load(y + i + width);
            var d2 = Vector.Load(x + i + 2 * width) - Vector.Load(y + i + 2 * width);
            var d3 = Vector.Load(x + i + 3 * width) - Vector.Load(y + i + 3 * width);
            s0 += d0 * d0;
            s1 += d1 * d1;
            s2 += d2 * d2;
            s3 += d3 * d3;
        }
        double sum = Vector.Sum(s0 + s1 + (s2 + s3));
        for (; i < length; i++) sum += (double)(x[i] - y[i]) * (x[i] - y[i]);
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add(float* gradient, float* x, float* y, int length, float factor)
    {
        var width = Vector<float>.Count;
        var i = 0;
        for (; i + width <= length; i += width)
            (Vector.Load(gradient + i) + (Vector.Load(x + i) - Vector.Load(y + i)) * factor).Store(gradient + i);
        for (; i < length; i++) gradient[i] += (x[i] - y[i]) * factor;
    }
}
