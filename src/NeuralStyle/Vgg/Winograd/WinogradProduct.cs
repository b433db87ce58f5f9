using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static System.Runtime.Intrinsics.Vector512;

namespace NeuralStyle.Vgg.Winograd;

/// <summary>
/// The matrix product inside a Winograd convolution: rows of tiles × input channels times input channels × 32 output channels.
/// Twelve rows at a time hold their 24 sums in registers, of which AVX-512 has 32.
/// </summary>
internal static unsafe class WinogradProduct
{
    /// <summary>Output channels per panel, two vectors.</summary>
    public const int Width = 32;

    /// <summary>The rows are padded to a multiple of this.</summary>
    public const int RowUnit = 4;

    private const int Block = 12;

    /// <summary>M = V·U.</summary>
    /// <param name="v">rows×channels, <paramref name="stride"/> floats from row to row.</param>
    /// <param name="stride">At least the channels.</param>
    /// <param name="rows">A multiple of <see cref="RowUnit"/>.</param>
    /// <param name="u">channels×32.</param>
    /// <param name="channels">Length of the sums.</param>
    /// <param name="m">rows×32.</param>
    public static void Run(float* v, nint stride, int rows, float* u, int channels, float* m)
    {
        var row = 0;
        for (; row + Block <= rows; row += Block) Twelve(v + row * stride, stride, u, channels, m + row * Width);
        for (; row < rows; row += RowUnit) Four(v + row * stride, stride, u, channels, m + row * Width);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Twelve(float* v0, nint s, float* u, int channels, float* m)
    {
        float* v3 = v0 + 3 * s, v6 = v0 + 6 * s, v9 = v0 + 9 * s;
        var s2 = 2 * s;
        var end = u + (nint)channels * Width;
        Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default, a6 = default, a7 = default, a8 = default, a9 = default, aa = default, ab = default;
        Vector512<float> b0 = default, b1 = default, b2 = default, b3 = default, b4 = default, b5 = default, b6 = default, b7 = default, b8 = default, b9 = default, ba = default, bb = default;
        for (; u < end; u += Width)
        {
            var (left, right) = (Load(u), Load(u + 16));
            var x = Create(v0[0]);
            a0 = FusedMultiplyAdd(x, left, a0);
            b0 = FusedMultiplyAdd(x, right, b0);
            x = Create(v0[s]);
            a1 = FusedMultiplyAdd(x, left, a1);
            b1 = FusedMultiplyAdd(x, right, b1);
            x = Create(v0[s2]);
            a2 = FusedMultiplyAdd(x, left, a2);
            b2 = FusedMultiplyAdd(x, right, b2);
            x = Create(v3[0]);
            a3 = FusedMultiplyAdd(x, left, a3);
            b3 = FusedMultiplyAdd(x, right, b3);
            x = Create(v3[s]);
            a4 = FusedMultiplyAdd(x, left, a4);
            b4 = FusedMultiplyAdd(x, right, b4);
            x = Create(v3[s2]);
            a5 = FusedMultiplyAdd(x, left, a5);
            b5 = FusedMultiplyAdd(x, right, b5);
            x = Create(v6[0]);
            a6 = FusedMultiplyAdd(x, left, a6);
            b6 = FusedMultiplyAdd(x, right, b6);
            x = Create(v6[s]);
            a7 = FusedMultiplyAdd(x, left, a7);
            b7 = FusedMultiplyAdd(x, right, b7);
            x = Create(v6[s2]);
            a8 = FusedMultiplyAdd(x, left, a8);
            b8 = FusedMultiplyAdd(x, right, b8);
            x = Create(v9[0]);
            a9 = FusedMultiplyAdd(x, left, a9);
            b9 = FusedMultiplyAdd(x, right, b9);
            x = Create(v9[s]);
            aa = FusedMultiplyAdd(x, left, aa);
            ba = FusedMultiplyAdd(x, right, ba);
            x = Create(v9[s2]);
            ab = FusedMultiplyAdd(x, left, ab);
            bb = FusedMultiplyAdd(x, right, bb);
            v0++;
            v3++;
            v6++;
            v9++;
        }
        Keep(m, a0, b0);
        Keep(m + 32, a1, b1);
        Keep(m + 64, a2, b2);
        Keep(m + 96, a3, b3);
        Keep(m + 128, a4, b4);
        Keep(m + 160, a5, b5);
        Keep(m + 192, a6, b6);
        Keep(m + 224, a7, b7);
        Keep(m + 256, a8, b8);
        Keep(m + 288, a9, b9);
        Keep(m + 320, aa, ba);
        Keep(m + 352, ab, bb);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Four(float* v0, nint s, float* u, int channels, float* m)
    {
        var v3 = v0 + 3 * s;
        var s2 = 2 * s;
        var end = u + (nint)channels * Width;
        Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default, b0 = default, b1 = default, b2 = default, b3 = default;
        for (; u < end; u += Width)
        {
            var (left, right) = (Load(u), Load(u + 16));
            var x = Create(v0[0]);
            a0 = FusedMultiplyAdd(x, left, a0);
            b0 = FusedMultiplyAdd(x, right, b0);
            x = Create(v0[s]);
            a1 = FusedMultiplyAdd(x, left, a1);
            b1 = FusedMultiplyAdd(x, right, b1);
            x = Create(v0[s2]);
            a2 = FusedMultiplyAdd(x, left, a2);
            b2 = FusedMultiplyAdd(x, right, b2);
            x = Create(v3[0]);
            a3 = FusedMultiplyAdd(x, left, a3);
            b3 = FusedMultiplyAdd(x, right, b3);
            v0++;
            v3++;
        }
        Keep(m, a0, b0);
        Keep(m + 32, a1, b1);
        Keep(m + 64, a2, b2);
        Keep(m + 96, a3, b3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Keep(float* m, Vector512<float> left, Vector512<float> right)
    {
        left.Store(m);
        right.Store(m + 16);
    }
}
