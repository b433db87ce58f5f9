using System.Runtime.CompilerServices;
using NeuralStyle.Runtime.Lanes;

namespace NeuralStyle.Vgg.Fused.Winograd;

/// <summary>
/// The three transforms of the minimal filtering algorithm F(4×4, 3×3) (Lavin and Gray 2016, "Fast Algorithms for Convolutional
/// Neural Networks", section 4.3) for a vector of channels at a time: 4×4 results of a 3×3 convolution by 36 products instead of 144.
/// </summary>
[SkipLocalsInit] // all that is taken from the stack is written before it is read
internal static unsafe class WinogradTransforms
{
    /// <summary>Products per tile, 6×6.</summary>
    public const int Points = 36;

    /// <summary>Results per side of a tile.</summary>
    public const int Tile = 4;

    /// <summary>Bᵀ·d·B of one tile.</summary>
    /// <param name="rows">6×6 vectors, row by row.</param>
    /// <param name="to">Where point 0 goes.</param>
    /// <param name="stride">Floats from one point to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Input<T>(T* rows, float* to, nint stride)
        where T : unmanaged, ILanes<T>
    {
        for (var column = 0; column < 6; column++)
        {
            var p = rows + column;
            Input(ref p[0], ref p[6], ref p[12], ref p[18], ref p[24], ref p[30]);
        }
        for (var row = 0; row < 6; row++)
        {
            var p = rows + 6 * row;
            var (d0, d1, d2, d3, d4, d5) = (p[0], p[1], p[2], p[3], p[4], p[5]);
            Input(ref d0, ref d1, ref d2, ref d3, ref d4, ref d5);
            d0.Store(to);
            d1.Store(to + stride);
            d2.Store(to + 2 * stride);
            d3.Store(to + 3 * stride);
            d4.Store(to + 4 * stride);
            d5.Store(to + 5 * stride);
            to += 6 * stride;
        }
    }

    /// <summary>Aᵀ·m·A of one tile.</summary>
    /// <param name="from">Point 0.</param>
    /// <param name="stride">Floats from one point to the next.</param>
    /// <param name="results">4×4 vectors, row by row.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Output<T>(float* from, nint stride, T* results)
        where T : unmanaged, ILanes<T>
    {
        var half = stackalloc T[24]; // 4×6
        for (var column = 0; column < 6; column++)
        {
            var p = from + column * stride;
            var (y0, y1, y2, y3) = Output(T.Load(p), T.Load(p + 6 * stride), T.Load(p + 12 * stride), T.Load(p + 18 * stride),
                T.Load(p + 24 * stride), T.Load(p + 30 * stride));
            (half[column], half[6 + column], half[12 + column], half[18 + column]) = (y0, y1, y2, y3);
        }
        for (var row = 0; row < Tile; row++)
        {
            var p = half + 6 * row;
            (results[4 * row], results[4 * row + 1], results[4 * row + 2], results[4 * row + 3]) = Output(p[0], p[1], p[2], p[3], p[4],
                p[5]);
        }
    }

    /// <summary>G·g·Gᵀ of the kernels of one input channel and a vector of output channels.</summary>
    /// <param name="kernel">3×3 vectors.</param>
    /// <param name="kernelStride">Step from one to the next: 1, or -1 for a kernel rotated by 180°.</param>
    /// <param name="to">Where point 0 goes.</param>
    /// <param name="stride">Floats from one point to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Kernel<T>(T* kernel, nint kernelStride, float* to, nint stride)
        where T : unmanaged, ILanes<T>
    {
        var half = stackalloc T[18]; // 6×3
        for (var column = 0; column < 3; column++)
        {
            var p = kernel + column * kernelStride;
            var (k0, k1, k2, k3, k4, k5) = Kernel(p[0], p[3 * kernelStride], p[6 * kernelStride]);
            (half[column], half[3 + column], half[6 + column], half[9 + column], half[12 + column], half[15 + column]) = (k0, k1, k2, k3,
                k4, k5);
        }
        for (var row = 0; row < 6; row++)
        {
            var p = half + 3 * row;
            var (k0, k1, k2, k3, k4, k5) = Kernel(p[0], p[1], p[2]);
            k0.Store(to);
            k1.Store(to + stride);
            k2.Store(to + 2 * stride);
            k3.Store(to + 3 * stride);
            k4.Store(to + 4 * stride);
            k5.Store(to + 5 * stride);
            to += 6 * stride;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Input<T>(ref T d0, ref T d1, ref T d2, ref T d3, ref T d4, ref T d5)
        where T : unmanaged, ILanes<T>
    {
        var (four, five) = (T.Create(4f), T.Create(5f));
        var even = d4 - four * d2;
        var odd = d3 - four * d1;
        var near = d4 - d2;
        var far = (d3 - d1) + (d3 - d1);
        var first = T.MultiplyAdd(four, d0, d4 - five * d2);
        var last = T.MultiplyAdd(four, d1, d5 - five * d3);
        (d0, d1, d2, d3, d4, d5) = (first, even + odd, even - odd, near + far, near - far, last);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (T, T, T, T) Output<T>(T m0, T m1, T m2, T m3, T m4, T m5)
        where T : unmanaged, ILanes<T>
    {
        var (s, d) = (m1 + m2, m1 - m2);
        var (s2, d2) = (m3 + m4, m3 - m4);
        return (m0 + s + s2, T.MultiplyAdd(T.Create(2f), d2, d), T.MultiplyAdd(T.Create(4f), s2, s),
            T.MultiplyAdd(T.Create(8f), d2, d) + m5);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (T, T, T, T, T, T) Kernel<T>(T a, T b, T c)
        where T : unmanaged, ILanes<T>
    {
        var sixth = T.Create(-1f / 6);
        var ends = a + c;
        var outer = T.MultiplyAdd(T.Create(4f), c, a) * T.Create(1f / 24);
        var inner = b * T.Create(1f / 12);
        return (a * T.Create(0.25f), (ends + b) * sixth, (ends - b) * sixth, outer + inner, outer - inner, c);
    }
}
