using System.Runtime.Intrinsics;
using NeuralStyle.Runtime;
using static TorchSharp.torch;

namespace NeuralStyle.Vgg.Fused.Bfloat16;

/// <summary>
/// Between float32 and bfloat16, its upper half, fused with the ReLU: forward after the way back up, backward before the way down.
/// </summary>
internal static unsafe class Rounding
{
    private const int Rows = 8; // of a part
    private const int Unit = 32; // values at a time; numbers of channels are multiples of it

    /// <summary>Rounds rows to the nearest bfloat16, ties to even.</summary>
    /// <param name="from">The source; finite.</param>
    /// <param name="top">The first row; rows outside the source are 0.</param>
    /// <param name="bottom">The row after the last.</param>
    /// <param name="values">Activations of the source's shape: where they are not above 0, the source counts as 0.</param>
    /// <param name="gates">The same, kept as gates.</param>
    /// <param name="to">(bottom − top)×W×C values of two bytes.</param>
    public static void Round(Plane from, int top, int bottom, Plane values, GatePlane gates, nint to)
    {
        var width = from.Width * from.Channels;
        PartLoop.Run((bottom - top + Rows - 1) / Rows, get_num_threads(), part =>
        {
            for (var y = top + part * Rows; y < Math.Min(bottom, top + (part + 1) * Rows); y++)
            {
                var target = (ushort*)to + (nint)(y - top) * width;
                if ((uint)y >= (uint)from.Height)
                {
                    new Span<ushort>(target, width).Clear();
                    continue;
                }
                var source = from.At(y, 0);
                var open = gates.Data == 0 ? null : gates.At(y, 0);
                var above = values.Data == 0 ? null : values.At(y, 0);
                for (var i = 0; i < width; i += Unit)
                {
                    var (a, b) = (Vector512.Load(source + i), Vector512.Load(source + i + 16));
                    if (open is not null) (a, b) = (a & Mask(open + i / 8), b & Mask(open + i / 8 + 2));
                    if (above is not null) (a, b) = (a & Positive(Vector512.Load(above + i)), b & Positive(Vector512.Load(above + i + 16)));
                    Vector512.Narrow(Upper(a), Upper(b)).Store(target + i);
                }
            }
        });
    }

    /// <summary>The way back, for rows of a convolution's results.</summary>
    /// <param name="from">rows×W×C values of two bytes.</param>
    /// <param name="rows">Their number.</param>
    /// <param name="bias">Address of C values to add, after which what is below 0 is cut off; 0 for neither.</param>
    /// <param name="to">Receives them, from a row on.</param>
    /// <param name="top">That row.</param>
    /// <param name="opened">Where to write which results are above 0.</param>
    public static void Widen(nint from, int rows, nint bias, Plane to, int top, GatePlane opened) =>
        PartLoop.Run((rows + Rows - 1) / Rows, get_num_threads(), part =>
        {
            for (var row = part * Rows; row < Math.Min(rows, (part + 1) * Rows); row++)
            {
                var source = (ushort*)from + (nint)row * to.Width * to.Channels;
                var target = to.At(top + row, 0);
                for (var x = 0; x < to.Width; x++)
                {
                    var open = opened.Data == 0 ? null : opened.At(top + row, x);
                    for (var channel = 0; channel < to.Channels; channel += Unit, source += Unit, target += Unit)
                    {
                        var (low, high) = Vector512.Widen(Vector512.Load(source));
                        var (a, b) = ((low << 16).AsSingle(), (high << 16).AsSingle());
                        if (bias != 0) (a, b) = (Opened(a, (float*)bias + channel), Opened(b, (float*)bias + channel + 16));
                        a.Store(target);
                        b.Store(target + 16);
                        if (open is null) continue;
                        *(ushort*)(open + channel / 8) = (ushort)Positive(a).ExtractMostSignificantBits();
                        *(ushort*)(open + channel / 8 + 2) = (ushort)Positive(b).ExtractMostSignificantBits();
                    }
                }
            }
        });

    private static Vector512<float> Opened(Vector512<float> value, float* bias) =>
        Vector512.Max(value + Vector512.Load(bias), Vector512<float>.Zero);

    private static Vector512<float> Positive(Vector512<float> value) => Vector512.GreaterThan(value, Vector512<float>.Zero);

    private static Vector512<uint> Upper(Vector512<float> value)
    {
        var bits = value.AsUInt32();
        return (bits + Vector512.Create(0x7FFFu) + ((bits >>> 16) & Vector512<uint>.One)) >>> 16;
    }

    private static Vector512<float> Mask(byte* from)
    {
        var bits = Vector512.Create(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768);
        return Vector512.Equals(Vector512.Create((int)*(ushort*)from) & bits, bits).AsSingle();
    }
}
