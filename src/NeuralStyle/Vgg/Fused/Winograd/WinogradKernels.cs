using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using NeuralStyle.Runtime.Lanes;

namespace NeuralStyle.Vgg.Fused.Winograd;

/// <summary>
/// The kernels of one convolution as read from the file, for one direction. There is no other copy: they are brought into
/// the order of the product during the transform, which takes under 1 % of an evaluation.
/// </summary>
/// <param name="Data">Address of O×I×3×3 values, which must stay where they are.</param>
/// <param name="OutChannels">Number of filters, O.</param>
/// <param name="InChannels">Number of input channels, I.</param>
/// <param name="Backward">
/// Whether they map the gradient of the result to that of the input: input and output swapped, rotated by 180°.
/// </param>
[SkipLocalsInit] // all that is taken from the stack is written before it is read
internal readonly unsafe record struct WinogradKernels(nint Data, int OutChannels, int InChannels, bool Backward)
{
    private const int Positions = 9; // 3×3
    private const int Ahead = 4; // filters to prefetch, each from its own page

    /// <summary>Channels summed over.</summary>
    public int Inputs => Backward ? OutChannels : InChannels;

    /// <summary>Channels computed.</summary>
    public int Outputs => Backward ? InChannels : OutChannels;

    /// <summary>
    /// Floats from one point of the transformed kernels to the next; not a power of two, which would put all points into one cache set.
    /// </summary>
    public nint PointStride<T>()
        where T : unmanaged, ILanes<T> => (nint)Inputs * PanelProduct.Width<T>() + WinogradConvolution.Gap;

    /// <summary>Transforms the kernels of one panel of outputs.</summary>
    /// <param name="panel">Its number.</param>
    /// <param name="to">6×6 points at a distance of <see cref="PointStride"/>, each with <see cref="Inputs"/>×panel values.</param>
    public void Transform<T>(int panel, float* to)
        where T : unmanaged, ILanes<T>
    {
        if (Backward) TransformBackward<T>(panel * PanelProduct.Width<T>(), to);
        else TransformForward<T>(panel * PanelProduct.Width<T>(), to);
    }

    private void TransformForward<T>(int first, float* to)
        where T : unmanaged, ILanes<T>
    {
        var (width, pointStride) = (PanelProduct.Width<T>(), PointStride<T>());
        var turned = stackalloc T[T.Count * Positions]; // as many inputs at a time as a vector has values
        for (var lane = 0; lane < width; lane += T.Count)
        {
            for (var input = 0; input < InChannels; input += T.Count)
            {
                Transpose(At(first + lane, input), InChannels * Positions, T.Count * Positions, turned);
                for (var i = 0; i < T.Count; i++)
                    WinogradTransforms.Kernel(turned + i * Positions, 1, to + (input + i) * width + lane, pointStride);
            }
        }
    }

    private void TransformBackward<T>(int first, float* to)
        where T : unmanaged, ILanes<T>
    {
        var (width, pointStride) = (PanelProduct.Width<T>(), PointStride<T>());
        var turned = stackalloc T[Positions];
        for (var output = 0; output < OutChannels; output++)
        {
            var ahead = (byte*)At(Math.Min(output + Ahead, OutChannels - 1), first);
            for (var line = 0; line < width * Positions * sizeof(float); line += 64) Sse.Prefetch0(ahead + line);
            for (var lane = 0; lane < width; lane += T.Count)
            {
                Transpose(At(output, first + lane), Positions, Positions, turned);
                // from the last to the first: rotated by 180°
                WinogradTransforms.Kernel(turned + Positions - 1, -1, to + output * width + lane, pointStride);
            }
        }
    }

    private float* At(int output, int input) => (float*)Data + ((nint)output * InChannels + input) * Positions;

    /// <summary>Transposes as many rows as a vector has values into one vector per column.</summary>
    /// <param name="rows">The first value of the first row.</param>
    /// <param name="stride">Floats from row to row.</param>
    /// <param name="columns">At least 4.</param>
    /// <param name="to">The vectors.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transpose<T>(float* rows, nint stride, int columns, T* to)
        where T : unmanaged, ILanes<T>
    {
        for (var column = 0; column < columns; column += 4)
        {
            var at = Math.Min(column, columns - 4); // the last four may repeat some of the columns before them
            var (a, b) = (T.LoadFours(rows + at, 4 * stride), T.LoadFours(rows + at + stride, 4 * stride));
            var (c, d) = (T.LoadFours(rows + at + 2 * stride, 4 * stride), T.LoadFours(rows + at + 3 * stride, 4 * stride));
            var (lowAb, highAb) = (T.InterleaveLow(a, b), T.InterleaveHigh(a, b));
            var (lowCd, highCd) = (T.InterleaveLow(c, d), T.InterleaveHigh(c, d));
            to[at] = T.JoinLow(lowAb, lowCd);
            to[at + 1] = T.JoinHigh(lowAb, lowCd);
            to[at + 2] = T.JoinLow(highAb, highCd);
            to[at + 3] = T.JoinHigh(highAb, highCd);
        }
    }
}
