using System.Runtime.InteropServices;
using NetVips;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Imaging;

/// <summary>
/// Copies a libvips picture to a tensor, row by row as libvips computes them on all its threads: besides the tensor, only the few strips
/// that are being computed are in memory.
/// </summary>
internal sealed unsafe class PlanarTarget
{
    private readonly int _width, _height, _bands;
    private readonly float* _planes; // 1×C×H×W
    private readonly float[] _row; // W×C
    private int _filled; // bytes of the row
    private int _top;

    private PlanarTarget(Tensor result)
    {
        (_bands, _height, _width) = ((int)result.shape[1], (int)result.shape[2], (int)result.shape[3]);
        using var first = result[0, 0, 0]; // a span over the whole could be too long for .NET
        fixed (byte* start = first.bytes) _planes = (float*)start; // libtorch's memory, which does not move
        _row = new float[_width * _bands];
    }

    /// <summary>Evaluates a picture from top to bottom.</summary>
    /// <param name="image">Float; values outside [0, 1] are clamped: resizing overshoots at edges.</param>
    /// <returns>1×C×H×W float32 on the CPU; owned by the caller.</returns>
    /// <param name="cancellation">Stops libvips before the next strip.</param>
    /// <exception cref="VipsException">The picture cannot be read to its end, or cancellation was asked for.</exception>
    public static Tensor Read(Image image, CancellationToken cancellation = default)
    {
        using var killed = cancellation.Register(() => image.SetKill(true));
        using var scope = NewDisposeScope();
        var result = empty(1, image.Bands, image.Height, image.Width);
        var rows = new PlanarTarget(result);
        using var target = new TargetCustom();
        target.OnWrite += rows.Write;
        image.RawsaveTarget(target, keep: Enums.ForeignKeep.None);
        return result.MoveToOuterDisposeScope();
    }

    /// <summary>Takes the next bytes; called in order, on a thread of libvips. The bytes need not end at the end of a row.</summary>
    private long Write(byte[] buffer, int length)
    {
        var row = MemoryMarshal.AsBytes(_row.AsSpan());
        for (var bytes = buffer.AsSpan(0, length); bytes.Length > 0 && _top < _height;)
        {
            var count = Math.Min(bytes.Length, row.Length - _filled);
            bytes[..count].CopyTo(row[_filled..]);
            bytes = bytes[count..];
            _filled += count;
            if (_filled < row.Length) break;
            Scatter();
            (_filled, _top) = (0, _top + 1);
        }
        return length;
    }

    /// <summary>W×C to C×W.</summary>
    private void Scatter()
    {
        for (var band = 0; band < _bands; band++)
        {
            var plane = new Span<float>(_planes + ((long)band * _height + _top) * _width, _width);
            for (int x = 0, from = band; x < plane.Length; x++, from += _bands) plane[x] = Math.Clamp(_row[from], 0, 1);
        }
    }
}
