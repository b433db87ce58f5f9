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

    /// <summary>
    /// Σ a·b for each of some tensors with each of others, added up in float64. The others are read once for three of the first.
    /// </summary>
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
                var i = 0;
                for (; i + 2 < a.Length; i += 3)
                {
                    (own[i * b.Length + j], own[(i + 1) * b.Length + j], own[(i + 2) * b.Length + j]) =
                        FixedSums.ThreeDots(a[i], a[i + 1], a[i + 2], b[j], start, length);
                }
                for (; i < a.Length; i++) own[i * b.Length + j] = FixedSums.Dot(a[i], b[j], start, length);
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
            var j = 0;
            for (; j + 3 < from.Length; j += 4)
            {
                AddFour(values, Floats(from[j], start, length), Floats(from[j + 1], start, length), Floats(from[j + 2], start, length),
                    Floats(from[j + 3], start, length), ((float)factors[j], (float)factors[j + 1],
                        (float)factors[j + 2], (float)factors[j + 3]));
            }
            for (; j < from.Length; j++) Add(values, Floats(from[j], start, length), (float)factors[j]);
        });
        KeepAlive([result], others);
    }

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
        KeepAlive([at], [gradient]);
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
        KeepAlive([at, direction], [gradient]);
        return sums.Sum();
    }

    /// <summary>Σ gradient·direction over the elements that the direction does not lead out of the bounds.</summary>
    public static double Slope(Tensor at, Tensor direction, Tensor gradient, double low, double high)
    {
        var (x, along, of) = (TensorMemory.AddressOf(at), TensorMemory.AddressOf(direction), TensorMemory.AddressOf(gradient));
        var sums = new double[FixedSums.Shares(at.numel())];
        FixedSums.ForShares(at.numel(), (share, start, length) => sums[share] =
            Slope(Floats(x, start, length), Floats(along, start, length), Floats(of, start, length), (float)low, (float)high));
        KeepAlive([at, direction], [gradient]);
        return sums.Sum();
    }

    /// <summary>The point at a step along a direction, within the bounds; a new tensor.</summary>
    public static Tensor Moved(Tensor from, Tensor direction, double step, double low, double high)
    {
        var result = empty_like(from);
        var (x, along, to) = (TensorMemory.AddressOf(from), TensorMemory.AddressOf(direction), TensorMemory.AddressOf(result));
        FixedSums.ForShares(from.numel(), (_, start, length) =>
            Move(Floats(x, start, length), Floats(along, start, length), Floats(to, start, length), (float)step, (float)low, (float)high));
        KeepAlive([from], [direction]);
        return result;
    }

    /// <summary>
    /// Moves a point by a step along a direction, within the bounds, in place: the direction becomes the step made, and the gradient the
    /// new one less the old one.
    /// </summary>
    public static void Advance(Tensor at, Tensor direction, double step, Tensor gradient, Tensor newGradient, double low, double high)
    {
        var (x, along) = (TensorMemory.AddressOf(at), TensorMemory.AddressOf(direction));
        var (of, now) = (TensorMemory.AddressOf(gradient), TensorMemory.AddressOf(newGradient));
        FixedSums.ForShares(at.numel(), (_, start, length) =>
        {
            Advance(Floats(x, start, length), Floats(along, start, length), (float)step, (float)low, (float)high);
            Change(Floats(of, start, length), Floats(now, start, length));
        });
        KeepAlive([at, direction], [gradient, newGradient]);
    }

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
        for (var i = 0; i < xs.Length; i++) ms[i] = Vector.Min(Vector.Max(xs[i] + ds[i] * step, lows), highs);
        for (var i = xs.Length * Vector<float>.Count; i < points.Length; i++)
            moved[i] = Math.Min(Math.Max(points[i] + along[i] * step, low), high);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Advance(Span<float> points, Span<float> along, float step, float low, float high)
    {
        var xs = Vectors(points);
        var ds = Vectors(along)[..xs.Length];
        var (lows, highs) = (new Vector<float>(low), new Vector<float>(high));
        for (var i = 0; i < xs.Length; i++)
        {
            var moved = Vector.Min(Vector.Max(xs[i] + ds[i] * step, lows), highs);
            (ds[i], xs[i]) = (moved - xs[i], moved);
        }
        for (var i = xs.Length * Vector<float>.Count; i < points.Length; i++)
        {
            var moved = Math.Min(Math.Max(points[i] + along[i] * step, low), high);
            (along[i], points[i]) = (moved - points[i], moved);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Change(Span<float> old, Span<float> now)
    {
        var before = Vectors(old);
        var after = Vectors(now)[..before.Length];
        for (var i = 0; i < before.Length; i++) before[i] = after[i] - before[i];
        for (var i = before.Length * Vector<float>.Count; i < old.Length; i++) old[i] = now[i] - old[i];
    }

    private static Vector<int> Leaves(Vector<float> at, Vector<float> along, float low, float high) =>
        (Vector.LessThanOrEqual(at, new Vector<float>(low)) & Vector.LessThan(along, Vector<float>.Zero))
        | (Vector.GreaterThanOrEqual(at, new Vector<float>(high)) & Vector.GreaterThan(along, Vector<float>.Zero));

    private static bool Leaves(float at, float along, float low, float high) => (at <= low && along < 0) || (at >= high && along > 0);

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

    /// <summary>Adds multiples of four, one after the other, with each sum in a register meanwhile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddFour(Span<float> values, Span<float> a, Span<float> b, Span<float> c, Span<float> d,
        (float A, float B, float C, float D) factors)
    {
        var to = Vectors(values);
        var va = Vectors(a)[..to.Length];
        var vb = Vectors(b)[..to.Length];
        var vc = Vectors(c)[..to.Length];
        var vd = Vectors(d)[..to.Length];
        var (fa, fb, fc, fd) = factors;
        for (var i = 0; i < to.Length; i++) to[i] = to[i] + va[i] * fa + vb[i] * fb + vc[i] * fc + vd[i] * fd;
        for (var i = to.Length * Vector<float>.Count; i < values.Length; i++)
            values[i] = values[i] + a[i] * fa + b[i] * fb + c[i] * fc + d[i] * fd;
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
