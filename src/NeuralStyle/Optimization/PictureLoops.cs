using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NeuralStyle.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Optimization;

/// <summary>
/// Loops of an optimiser over pictures on the CPU that take several operators of libtorch, each a pass through memory and a wait for all
/// threads: on small pictures the waiting took longer than the work. The results do not depend on the number of threads.
/// </summary>
internal static unsafe class PictureLoops
{
    /// <summary>Whether tensors of this kind can be used: float32 on the CPU. All of a call are contiguous and of one shape.</summary>
    public static bool Take(Tensor picture) => picture.device_type == DeviceType.CPU && picture.dtype == ScalarType.Float32;

    /// <summary>The steepest descent within the bounds: the negative gradient without its parts that lead out; a new tensor.</summary>
    public static Tensor Downhill(Tensor at, Tensor gradient, double low, double high)
    {
        var result = empty_like(gradient);
        var (x, of, to) = (TensorMemory.AddressOf(at), TensorMemory.AddressOf(gradient), TensorMemory.AddressOf(result));
        FixedSums.ForShares(at.numel(), (_, start, length) =>
        {
            var values = Floats(to, start, length);
            Negate(Floats(of, start, length), values);
            Close(Floats(x, start, length), values, (float)low, (float)high);
        });
        TensorMemory.KeepAlive(at, gradient);
        return result;
    }

    /// <summary>Removes the parts of a direction that lead out of the bounds, in place.</summary>
    /// <returns>Σ gradient·direction of what is left.</returns>
    public static double Close(Tensor at, Tensor direction, Tensor gradient, double low, double high)
    {
        var (x, along, of) = (TensorMemory.AddressOf(at), TensorMemory.AddressOf(direction), TensorMemory.AddressOf(gradient));
        var sums = new double[FixedSums.Shares(at.numel())];
        FixedSums.ForShares(at.numel(), (share, start, length) =>
        {
            Close(Floats(x, start, length), Floats(along, start, length), (float)low, (float)high);
            sums[share] = FixedSums.Dot(along, of, start, length);
        });
        TensorMemory.KeepAlive(at, direction, gradient);
        return sums.Sum();
    }

    /// <summary>Σ gradient·direction over the elements that the direction does not lead out of the bounds.</summary>
    public static double Slope(Tensor at, Tensor direction, Tensor gradient, double low, double high)
    {
        var (x, along, of) = (TensorMemory.AddressOf(at), TensorMemory.AddressOf(direction), TensorMemory.AddressOf(gradient));
        var sums = new double[FixedSums.Shares(at.numel())];
        FixedSums.ForShares(at.numel(), (share, start, length) => sums[share] =
            Slope(Floats(x, start, length), Floats(along, start, length), Floats(of, start, length), (float)low, (float)high));
        TensorMemory.KeepAlive(at, direction, gradient);
        return sums.Sum();
    }

    /// <summary>The point at a step along a direction, within the bounds; a new tensor.</summary>
    public static Tensor Moved(Tensor from, Tensor direction, double step, double low, double high)
    {
        var result = empty_like(from);
        var (x, along, to) = (TensorMemory.AddressOf(from), TensorMemory.AddressOf(direction), TensorMemory.AddressOf(result));
        FixedSums.ForShares(from.numel(), (_, start, length) =>
            Move(Floats(x, start, length), Floats(along, start, length), Floats(to, start, length), (float)step, (float)low, (float)high));
        TensorMemory.KeepAlive(from, direction);
        return result;
    }

    /// <summary>Points after a step, within the bounds: the same bits for the point evaluated and for the one moved to.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Moved(Vector<float> at, Vector<float> along, float step, Vector<float> low, Vector<float> high) =>
        Vector.Min(Vector.Max(at + along * step, low), high);

    /// <summary>One of them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Moved(float at, float along, float step, float low, float high) =>
        Math.Min(Math.Max(at + along * step, low), high);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Negate(Span<float> values, Span<float> result)
    {
        var from = Vectors(values);
        var to = Vectors(result)[..from.Length];
        for (var i = 0; i < from.Length; i++) to[i] = -from[i];
        for (var i = from.Length * Vector<float>.Count; i < values.Length; i++) result[i] = -values[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Close(Span<float> points, Span<float> along, float low, float high)
    {
        var xs = Vectors(points);
        var ds = Vectors(along)[..xs.Length];
        for (var i = 0; i < xs.Length; i++)
            ds[i] = Vector.ConditionalSelect(Leaves(xs[i], ds[i], low, high), Vector<float>.Zero, ds[i]);
        for (var i = xs.Length * Vector<float>.Count; i < points.Length; i++)
        {
            if (Leaves(points[i], along[i], low, high)) along[i] = 0;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Slope(Span<float> points, Span<float> along, Span<float> gradient, float low, float high)
    {
        var xs = Vectors(points);
        var ds = Vectors(along)[..xs.Length];
        var gs = Vectors(gradient)[..xs.Length];
        var sum = Vector<float>.Zero;
        for (var i = 0; i < xs.Length; i++)
            sum += Vector.ConditionalSelect(Leaves(xs[i], ds[i], low, high), Vector<float>.Zero, ds[i] * gs[i]);
        double total = Vector.Sum(sum);
        for (var i = xs.Length * Vector<float>.Count; i < points.Length; i++)
        {
            if (!Leaves(points[i], along[i], low, high)) total += (double)along[i] * gradient[i];
        }
        return total;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Move(Span<float> points, Span<float> along, Span<float> moved, float step, float low, float high)
    {
        var xs = Vectors(points);
        var ds = Vectors(along)[..xs.Length];
        var ms = Vectors(moved)[..xs.Length];
        var (lows, highs) = (new Vector<float>(low), new Vector<float>(high));
        for (var i = 0; i < xs.Length; i++) ms[i] = Moved(xs[i], ds[i], step, lows, highs);
        for (var i = xs.Length * Vector<float>.Count; i < points.Length; i++)
            moved[i] = Moved(points[i], along[i], step, low, high);
    }

    private static Vector<int> Leaves(Vector<float> at, Vector<float> along, float low, float high) =>
        (Vector.LessThanOrEqual(at, new Vector<float>(low)) & Vector.LessThan(along, Vector<float>.Zero))
        | (Vector.GreaterThanOrEqual(at, new Vector<float>(high)) & Vector.GreaterThan(along, Vector<float>.Zero));

    private static bool Leaves(float at, float along, float low, float high) => (at <= low && along < 0) || (at >= high && along > 0);

    private static Span<float> Floats(nint address, long start, int length) => new((float*)address + start, length);

    private static Span<Vector<float>> Vectors(Span<float> values) => MemoryMarshal.Cast<float, Vector<float>>(values);
}
