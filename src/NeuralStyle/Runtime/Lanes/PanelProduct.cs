using System.Runtime.CompilerServices;

namespace NeuralStyle.Runtime.Lanes;

/// <summary>
/// M = V·U for a panel of U two vectors wide: the innermost loop of convolutions and of statistics. As many rows at a time as registers
/// can hold sums for: twelve, or six if there are only 16 registers or no more rows. Every sum is added up in order, so each value is the
/// same however rows and panels are divided.
/// </summary>
internal static unsafe class PanelProduct
{
    /// <summary>The rows are padded to a multiple of this.</summary>
    public const int RowUnit = 6;

    /// <summary>Most rows at a time, on processors with 32 registers.</summary>
    public const int LargestBlock = 12;

    /// <summary>The columns of a matrix must be a multiple of this, the widest panel.</summary>
    public const int ColumnUnit = 32;

    /// <summary>Columns of a panel.</summary>
    public static int Width<T>()
        where T : unmanaged, ILanes<T> => 2 * T.Count;

    /// <summary>Most rows at a time here.</summary>
    public static int MostRows<T>()
        where T : unmanaged, ILanes<T> => T.Registers >= 32 ? LargestBlock : RowUnit;

    /// <summary>M = V·U.</summary>
    /// <param name="v">The rows.</param>
    /// <param name="rows">A multiple of <see cref="RowUnit"/>.</param>
    /// <param name="u">The panel.</param>
    /// <param name="length">Length of the sums.</param>
    /// <param name="m">rows×<see cref="Width"/>, without gaps.</param>
    public static void Run<T>(Strided v, int rows, Strided u, int length, float* m)
        where T : unmanaged, ILanes<T>
    {
        var (step, next, panel, line) = (v.Step, v.Next, (nint)u.Row(0), u.Next);
        var row = 0;
        for (; MostRows<T>() == LargestBlock && row + LargestBlock <= rows; row += LargestBlock)
            Twelve<T>(v.Row(row), step, next, (float*)panel, line, length, m + row * Width<T>());
        for (; row < rows; row += RowUnit)
            Six<T>(v.Row(row), step, next, (float*)panel, line, length, m + row * Width<T>());
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Twelve<T>(float* v0, nint s, nint next, float* u, nint line, int length, float* m)
        where T : unmanaged, ILanes<T>
    {
        float* v3 = v0 + 3 * s, v6 = v0 + 6 * s, v9 = v0 + 9 * s;
        var s2 = 2 * s;
        var end = u + length * line;
        T a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default, a6 = default, a7 = default, a8 = default,
            a9 = default, aa = default, ab = default;
        T b0 = default, b1 = default, b2 = default, b3 = default, b4 = default, b5 = default, b6 = default, b7 = default, b8 = default,
            b9 = default, ba = default, bb = default;
        for (; u < end; u += line)
        {
            var (left, right) = (T.Load(u), T.Load(u + T.Count));
            var x = T.Create(v0[0]);
            a0 = T.MultiplyAdd(x, left, a0);
            b0 = T.MultiplyAdd(x, right, b0);
            x = T.Create(v0[s]);
            a1 = T.MultiplyAdd(x, left, a1);
            b1 = T.MultiplyAdd(x, right, b1);
            x = T.Create(v0[s2]);
            a2 = T.MultiplyAdd(x, left, a2);
            b2 = T.MultiplyAdd(x, right, b2);
            x = T.Create(v3[0]);
            a3 = T.MultiplyAdd(x, left, a3);
            b3 = T.MultiplyAdd(x, right, b3);
            x = T.Create(v3[s]);
            a4 = T.MultiplyAdd(x, left, a4);
            b4 = T.MultiplyAdd(x, right, b4);
            x = T.Create(v3[s2]);
            a5 = T.MultiplyAdd(x, left, a5);
            b5 = T.MultiplyAdd(x, right, b5);
            x = T.Create(v6[0]);
            a6 = T.MultiplyAdd(x, left, a6);
            b6 = T.MultiplyAdd(x, right, b6);
            x = T.Create(v6[s]);
            a7 = T.MultiplyAdd(x, left, a7);
            b7 = T.MultiplyAdd(x, right, b7);
            x = T.Create(v6[s2]);
            a8 = T.MultiplyAdd(x, left, a8);
            b8 = T.MultiplyAdd(x, right, b8);
            x = T.Create(v9[0]);
            a9 = T.MultiplyAdd(x, left, a9);
            b9 = T.MultiplyAdd(x, right, b9);
            x = T.Create(v9[s]);
            aa = T.MultiplyAdd(x, left, aa);
            ba = T.MultiplyAdd(x, right, ba);
            x = T.Create(v9[s2]);
            ab = T.MultiplyAdd(x, left, ab);
            bb = T.MultiplyAdd(x, right, bb);
            v0 += next;
            v3 += next;
            v6 += next;
            v9 += next;
        }
        Keep(m, a0, b0);
        Keep(m + Width<T>(), a1, b1);
        Keep(m + 2 * Width<T>(), a2, b2);
        Keep(m + 3 * Width<T>(), a3, b3);
        Keep(m + 4 * Width<T>(), a4, b4);
        Keep(m + 5 * Width<T>(), a5, b5);
        Keep(m + 6 * Width<T>(), a6, b6);
        Keep(m + 7 * Width<T>(), a7, b7);
        Keep(m + 8 * Width<T>(), a8, b8);
        Keep(m + 9 * Width<T>(), a9, b9);
        Keep(m + 10 * Width<T>(), aa, ba);
        Keep(m + 11 * Width<T>(), ab, bb);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Six<T>(float* v0, nint s, nint next, float* u, nint line, int length, float* m)
        where T : unmanaged, ILanes<T>
    {
        var v3 = v0 + 3 * s;
        var s2 = 2 * s;
        var end = u + length * line;
        T a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default;
        T b0 = default, b1 = default, b2 = default, b3 = default, b4 = default, b5 = default;
        for (; u < end; u += line)
        {
            var (left, right) = (T.Load(u), T.Load(u + T.Count));
            var x = T.Create(v0[0]);
            a0 = T.MultiplyAdd(x, left, a0);
            b0 = T.MultiplyAdd(x, right, b0);
            x = T.Create(v0[s]);
            a1 = T.MultiplyAdd(x, left, a1);
            b1 = T.MultiplyAdd(x, right, b1);
            x = T.Create(v0[s2]);
            a2 = T.MultiplyAdd(x, left, a2);
            b2 = T.MultiplyAdd(x, right, b2);
            x = T.Create(v3[0]);
            a3 = T.MultiplyAdd(x, left, a3);
            b3 = T.MultiplyAdd(x, right, b3);
            x = T.Create(v3[s]);
            a4 = T.MultiplyAdd(x, left, a4);
            b4 = T.MultiplyAdd(x, right, b4);
            x = T.Create(v3[s2]);
            a5 = T.MultiplyAdd(x, left, a5);
            b5 = T.MultiplyAdd(x, right, b5);
            v0 += next;
            v3 += next;
        }
        Keep(m, a0, b0);
        Keep(m + Width<T>(), a1, b1);
        Keep(m + 2 * Width<T>(), a2, b2);
        Keep(m + 3 * Width<T>(), a3, b3);
        Keep(m + 4 * Width<T>(), a4, b4);
        Keep(m + 5 * Width<T>(), a5, b5);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Keep<T>(float* m, T left, T right)
        where T : unmanaged, ILanes<T>
    {
        left.Store(m);
        right.Store(m + T.Count);
    }
}
