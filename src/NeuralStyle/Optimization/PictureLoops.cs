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

    /// <summary>Σ a·b for each of some tensors with each of others, added up in float64.</summary>
    /// <returns>One row for each of the first.</returns>
    public static double[][] Dots(IReadOnlyList<Tensor> first, IReadOnlyList<Tensor> second)
    {
        var (a, b) = (Addresses(first), Addresses(second));
        var count = first[0].numel();
        var sums = new double[FixedSums.Shares(count)][];
        FixedSums.ForShares(count, (share, start, length) =>
        {
            var own = sums[share] = new double[a.Length * b.Length];
            for (var j = 0; j < b.Length; j++)
            {
                for (var i = 0; i < a.Length; i++) own[i * b.Length + j] = FixedSums.Dot(a[i], b[j], start, length);
            }
        });
        KeepAlive(first, second);
        var rows = new double[a.Length][];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = new double[b.Length];
            foreach (var share in sums)
            {
                for (var j = 0; j < b.Length; j++) rows[i][j] += share[i * b.Length + j];
            }
        }
        return rows;
    }

    /// <summary>Multiplies a tensor by a factor and adds multiples of others, in place.</summary>
    public static void Combine(Tensor result, double factor, IReadOnlyList<Tensor> others, double[] factors)
    {
        var (to, from) = (TensorMemory.AddressOf(result), Addresses(others));
        FixedSums.ForShares(result.numel(), (_, start, length) =>
        {
            var values = Floats(to, start, length);
            Scale(values, (float)factor);
            for (var j = 0; j < from.Length; j++) Add(values, Floats(from[j], start, length), (float)factors[j]);
        });
        KeepAlive([result], others);
    }

    /// <summary>Removes the parts of a direction that lead out of the bounds, in place.</summary>
    public static void Close(Tensor at, Tensor direction, double low, double high)
    {
        var (x, along) = (TensorMemory.AddressOf(at), TensorMemory.AddressOf(direction));
        FixedSums.ForShares(at.numel(), (_, start, length) =>
        {
            var points = Floats(x, start, length);
            var values = Floats(along, start, length);
            var xs = Vectors(points);
            var ds = Vectors(values);
            for (var i = 0; i < xs.Length; i++)
                ds[i] = Vector.ConditionalSelect(Leaves(xs[i], ds[i], low, high), Vector<float>.Zero, ds[i]);
            for (var i = xs.Length * Vector<float>.Count; i < length; i++)
            {
                if (Leaves(points[i], values[i], low, high)) values[i] = 0;
            }
        });
        KeepAlive([at], [direction]);
    }

    /// <summary>Σ gradient·direction over the elements that the direction does not lead out of the bounds.</summary>
    public static double Slope(Tensor at, Tensor direction, Tensor gradient, double low, double high)
    {
        var (x, along, of) = (TensorMemory.AddressOf(at), TensorMemory.AddressOf(direction), TensorMemory.AddressOf(gradient));
        var sums = new double[FixedSums.Shares(at.numel())];
        FixedSums.ForShares(at.numel(), (share, start, length) =>
        {
            var points = Floats(x, start, length);
            var values = Floats(along, start, length);
            var slopes = Floats(of, start, length);
            var xs = Vectors(points);
            var ds = Vectors(values);
            var gs = Vectors(slopes);
            var sum = Vector<float>.Zero;
            for (var i = 0; i < xs.Length; i++)
                sum += Vector.ConditionalSelect(Leaves(xs[i], ds[i], low, high), Vector<float>.Zero, ds[i] * gs[i]);
            double total = Vector.Sum(sum);
            for (var i = xs.Length * Vector<float>.Count; i < length; i++)
            {
                if (!Leaves(points[i], values[i], low, high)) total += (double)values[i] * slopes[i];
            }
            sums[share] = total;
        });
        KeepAlive([at, direction], [gradient]);
        return sums.Sum();
    }

    /// <summary>The point at a step along a direction, within the bounds; a new tensor.</summary>
    public static Tensor Moved(Tensor from, Tensor direction, double step, double low, double high)
    {
        var result = empty_like(from);
        var (x, along, to) = (TensorMemory.AddressOf(from), TensorMemory.AddressOf(direction), TensorMemory.AddressOf(result));
        var (least, most, factor) = ((float)low, (float)high, (float)step);
        FixedSums.ForShares(from.numel(), (_, start, length) =>
        {
            var points = Floats(x, start, length);
            var values = Floats(along, start, length);
            var moved = Floats(to, start, length);
            var xs = Vectors(points);
            var ds = Vectors(values);
            var ms = Vectors(moved);
            var (lows, highs) = (new Vector<float>(least), new Vector<float>(most));
            for (var i = 0; i < xs.Length; i++) ms[i] = Vector.Min(Vector.Max(xs[i] + ds[i] * factor, lows), highs);
            for (var i = xs.Length * Vector<float>.Count; i < length; i++)
                moved[i] = Math.Min(Math.Max(points[i] + values[i] * factor, least), most);
        });
        KeepAlive([from], [direction]);
        return result;
    }

    private static Vector<int> Leaves(Vector<float> at, Vector<float> along, double low, double high) =>
        (Vector.LessThanOrEqual(at, new Vector<float>((float)low)) & Vector.LessThan(along, Vector<float>.Zero))
        | (Vector.GreaterThanOrEqual(at, new Vector<float>((float)high)) & Vector.GreaterThan(along, Vector<float>.Zero));

    private static bool Leaves(float at, float along, double low, double high) =>
        (at <= (float)low && along < 0) || (at >= (float)high && along > 0);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scale(Span<float> values, float factor)
    {
        var vectors = Vectors(values);
        for (var i = 0; i < vectors.Length; i++) vectors[i] *= factor;
        for (var i = vectors.Length * Vector<float>.Count; i < values.Length; i++) values[i] *= factor;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add(Span<float> values, Span<float> others, float factor)
    {
        var to = Vectors(values);
        var from = Vectors(others);
        for (var i = 0; i < to.Length; i++) to[i] += from[i] * factor;
        for (var i = to.Length * Vector<float>.Count; i < values.Length; i++) values[i] += others[i] * factor;
    }

    private static Span<float> Floats(nint address, long start, int length) => new((float*)address + start, length);

    private static Span<Vector<float>> Vectors(Span<float> values) => MemoryMarshal.Cast<float, Vector<float>>(values);

    private static nint[] Addresses(IReadOnlyList<Tensor> tensors) => [.. tensors.Select(TensorMemory.AddressOf)];

    private static void KeepAlive(IReadOnlyList<Tensor> first, IReadOnlyList<Tensor> second)
    {
        foreach (var tensor in first) GC.KeepAlive(tensor);
        foreach (var tensor in second) GC.KeepAlive(tensor);
    }
}
