using NetVips;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Imaging;

/// <summary>
/// A tensor as a libvips picture of whole numbers, without a copy: libvips reads the tensor's own planes and computes rows as they are
/// asked for, on all its threads. Whatever is made of <see cref="Image"/> must be written before this is disposed of.
/// </summary>
internal sealed class TensorImage : IDisposable
{
    private readonly Tensor _memory; // 1×C×H×W float32 on the CPU, the pixels of each row side by side

    static TensorImage() => Libvips.Prepare();

    /// <summary>Rounds to whole numbers of 8 or 16 bits.</summary>
    /// <param name="image">1×C×H×W in [0, 1] with C 1 or 3, on any device; values outside are clamped. Need not outlive the call, but must not change before this is disposed of.</param>
    /// <param name="bitDepth">8 or 16.</param>
    public TensorImage(Tensor image, int bitDepth)
    {
        using var scope = NewDisposeScope();
        // A handle of its own on the same memory, outside every scope: neither the collector nor the owner can free it meanwhile.
        var pixels = image.detach().to(CPU).to(ScalarType.Float32);
        _memory = (IsReadable(pixels) ? pixels : pixels.contiguous()).alias().DetachFromDisposeScope();
        var planes = Enumerable.Range(0, (int)image.shape[1]).Select(plane => Rounded(plane, bitDepth)).ToArray();
        try
        {
            using var joined = planes.Length == 1 ? planes[0].Copy() : planes[0].Bandjoin(planes[1..]);
            Image = joined.Copy(interpretation: (planes.Length, bitDepth) switch
            {
                (1, 16) => Enums.Interpretation.Grey16,
                (1, _) => Enums.Interpretation.Bw,
                (_, 16) => Enums.Interpretation.Rgb16,
                _ => Enums.Interpretation.Srgb,
            });
        }
        finally
        {
            foreach (var plane in planes) plane.Dispose();
        }
    }

    /// <summary>The picture; not to be used after this is disposed of.</summary>
    public Image Image { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Image.Dispose();
        _memory.Dispose();
    }

    /// <summary>Whether rows lie in memory as libvips can read them: whole, at even distances, of which none reaches beyond the memory. So does a part of a larger picture.</summary>
    private static bool IsReadable(Tensor image)
    {
        var (stride, shape) = (image.stride(), image.shape);
        if (stride[3] != 1 || stride[2] < shape[3] || stride[2] > int.MaxValue) return false;
        return image.storage_offset() + (shape[1] - 1) * stride[1] + shape[2] * stride[2] <= image.storage<float>().Count;
    }

    private unsafe Image Rounded(int plane, int bitDepth)
    {
        var size = ImageTensor.SizeOf(_memory);
        var pitch = (int)_memory.stride(2); // pixels from one row to the next
        using var row = _memory[0, plane, 0]; // a span over a whole plane could be too long for .NET
        fixed (byte* start = row.bytes)
        {
            using var values = Image.NewFromMemory((nint)start, (ulong)pitch * (ulong)size.Height * sizeof(float), pitch, size.Height, bands: 1, Enums.BandFormat.Float);
            using var inner = values.Crop(0, 0, size.Width, size.Height);
            using var clamped = inner.Clamp(min: 0, max: 1);
            using var scaled = clamped * (bitDepth == 16 ? 65535 : 255);
            using var rounded = scaled.Rint(); // as torch rounds: to the nearest, halves to even
            return rounded.Cast(bitDepth == 16 ? Enums.BandFormat.Ushort : Enums.BandFormat.Uchar);
        }
    }
}
