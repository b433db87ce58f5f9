using NetVips;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Imaging;

/// <summary>
/// A tensor as a libvips picture of whole numbers, without a copy: libvips reads the tensor's planes and computes rows as they are
/// asked for, on all its threads. Whatever is made of <see cref="Image"/> must be written before this is disposed of.
/// </summary>
internal sealed class TensorImage : IDisposable
{
    private readonly Tensor _memory; // 1×C×H×W float32, contiguous, on the CPU

    static TensorImage() => Libvips.Prepare();

    /// <summary>Rounds to whole numbers of 8 or 16 bits.</summary>
    /// <param name="image">1×C×H×W in [0, 1] with C 1 or 3, on any device; values outside are clamped. Need not outlive the call, but must
    /// not change before this is disposed of.</param>
    /// <param name="bitDepth">8 or 16.</param>
    public TensorImage(Tensor image, int bitDepth)
    {
        using var scope = NewDisposeScope();
        // A separate handle on the same memory, outside every scope: neither the collector nor the owner can free it in the meantime.
        _memory = image.detach().to(CPU).to(ScalarType.Float32).contiguous().alias().DetachFromDisposeScope();
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

    private unsafe Image Rounded(int plane, int bitDepth)
    {
        var size = ImageTensor.SizeOf(_memory);
        using var row = _memory[0, plane, 0]; // a span over a whole plane could be too long for .NET
        fixed (byte* start = row.bytes)
        {
            using var values = Image.NewFromMemory((nint)start, (ulong)size.Pixels * sizeof(float), size.Width, size.Height, bands: 1,
                Enums.BandFormat.Float);
            using var clamped = values.Clamp(min: 0, max: 1);
            using var scaled = clamped * (bitDepth == 16 ? 65535 : 255);
            using var rounded = scaled.Rint(); // as torch rounds: to the nearest, halves to even
            return rounded.Cast(bitDepth == 16 ? Enums.BandFormat.Ushort : Enums.BandFormat.Uchar);
        }
    }
}
