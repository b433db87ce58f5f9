using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NeuralStyle.Vgg.Winograd;

/// <summary>
/// The kernels of one convolution as they were read, seen in one direction. There is no other copy of them: they are brought into
/// the order of the product while they are transformed, which takes under 1 % of an evaluation.
/// </summary>
/// <param name="Data">Address of O×I×3×3 values, which must stay where they are.</param>
/// <param name="OutChannels">Number of filters, O.</param>
/// <param name="InChannels">Number of input channels, I.</param>
/// <param name="Backward">
/// Whether they take the gradient of the result to that of the input: input and output exchanged, turned by half a turn.
/// </param>
internal readonly unsafe record struct WinogradKernels(nint Data, int OutChannels, int InChannels, bool Backward)
{
    private const int Lanes = WinogradTransforms.Lanes, Width = WinogradProduct.Width;
    private const int Positions = 9; // 3×3
    private const int Ahead = 4; // filters to fetch beforehand, each from a page of its own

    /// <summary>Channels summed over.</summary>
    public int Inputs => Backward ? OutChannels : InChannels;

    /// <summary>Channels computed.</summary>
    public int Outputs => Backward ? InChannels : OutChannels;

    /// <summary>Floats from one point of transformed kernels to the next; no power of two, which would put all points into one set of the caches.</summary>
    public nint PointStride => (nint)Inputs * Width + Lanes;

    /// <summary>Transforms the kernels of 32 outputs.</summary>
    /// <param name="panel">Outputs from 32·<paramref name="panel"/> on.</param>
    /// <param name="to">6×6 points <see cref="PointStride"/> apart, in each <see cref="Inputs"/>×32 values.</param>
    public void Transform(int panel, float* to)
    {
        if (Backward) TransformBackward(panel * Width, to);
        else TransformForward(panel * Width, to);
    }

    private void TransformForward(int first, float* to)
    {
        var turned = stackalloc Vector512<float>[Lanes * Positions]; // of sixteen inputs at a time
        for (var lane = 0; lane < Width; lane += Lanes)
        {
            for (var input = 0; input < InChannels; input += Lanes)
            {
                Transpose(At(first + lane, input), InChannels * Positions, Lanes * Positions, turned);
                for (var i = 0; i < Lanes; i++)
                    WinogradTransforms.Kernel((float*)(turned + i * Positions), Lanes, to + (input + i) * Width + lane, PointStride);
            }
        }
    }

    private void TransformBackward(int first, float* to)
    {
        var turned = stackalloc Vector512<float>[Positions];
        for (var output = 0; output < OutChannels; output++)
        {
            var ahead = (byte*)At(Math.Min(output + Ahead, OutChannels - 1), first);
            for (var line = 0; line < Width * Positions * sizeof(float); line += 64) Sse.Prefetch0(ahead + line);
            for (var lane = 0; lane < Width; lane += Lanes)
            {
                Transpose(At(output, first + lane), Positions, Positions, turned);
                WinogradTransforms.Kernel((float*)(turned + Positions - 1), -Lanes, to + output * Width + lane, PointStride); // from the last to the first: half a turn
            }
        }
    }

    private float* At(int output, int input) => (float*)Data + ((nint)output * InChannels + input) * Positions;

    /// <summary>Sixteen rows become vectors, one for each column.</summary>
    /// <param name="rows">The first value of the first row.</param>
    /// <param name="stride">Floats from row to row.</param>
    /// <param name="columns">At least 4.</param>
    /// <param name="to">The vectors.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transpose(float* rows, nint stride, int columns, Vector512<float>* to)
    {
        for (var column = 0; column < columns; column += 4)
        {
            var at = Math.Min(column, columns - 4); // the last four may do some of the columns before them again
            var (a, b) = (Quarters(rows + at, 4 * stride), Quarters(rows + at + stride, 4 * stride));
            var (c, d) = (Quarters(rows + at + 2 * stride, 4 * stride), Quarters(rows + at + 3 * stride, 4 * stride));
            var (lowA, highA) = (Avx512F.UnpackLow(a, b).AsDouble(), Avx512F.UnpackHigh(a, b).AsDouble());
            var (lowC, highC) = (Avx512F.UnpackLow(c, d).AsDouble(), Avx512F.UnpackHigh(c, d).AsDouble());
            to[at] = Avx512F.UnpackLow(lowA, lowC).AsSingle();
            to[at + 1] = Avx512F.UnpackHigh(lowA, lowC).AsSingle();
            to[at + 2] = Avx512F.UnpackLow(highA, highC).AsSingle();
            to[at + 3] = Avx512F.UnpackHigh(highA, highC).AsSingle();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Quarters(float* from, nint stride) => Vector512.Create(
        Vector256.Create(Vector128.Load(from), Vector128.Load(from + stride)),
        Vector256.Create(Vector128.Load(from + 2 * stride), Vector128.Load(from + 3 * stride)));
}
