using System.Runtime.InteropServices;
using NetVips;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Imaging;

/// <summary>From a tensor to a libvips picture by strips: whole numbers are the only full copy, floats never.</summary>
internal static class PixelStrips
{
    private const int SamplesPerStrip = 1 << 24;

    /// <summary>Rounds to whole numbers of 8 or 16 bits.</summary>
    /// <param name="image">1×C×H×W in [0, 1] with C 1 or 3, on any device; values outside are clamped.</param>
    /// <param name="bitDepth">8 or 16.</param>
    public static Image ToImage(Tensor image, int bitDepth)
    {
        var (bands, height, width) = ((int)image.shape[1], (int)image.shape[2], (int)image.shape[3]);
        var rows = Math.Max(1, SamplesPerStrip / (bands * width));
        List<Image> strips = [];
        for (var top = 0; top < height; top += rows)
        {
            var count = Math.Min(rows, height - top);
            strips.Add(bitDepth == 16 ? Sixteen(image, top, count) : Eight(image, top, count));
        }
        using var joined = strips.Count == 1 ? strips[0].Copy() : Image.Arrayjoin(strips.ToArray(), across: 1);
        foreach (var strip in strips) strip.Dispose();
        return joined.Copy(interpretation: (bands, bitDepth) switch
        {
            (1, 16) => Enums.Interpretation.Grey16,
            (1, _) => Enums.Interpretation.Bw,
            (_, 16) => Enums.Interpretation.Rgb16,
            _ => Enums.Interpretation.Srgb,
        });
    }

    private static Image Eight(Tensor image, int top, int rows)
    {
        using var scope = NewDisposeScope();
        var values = Rounded(image, top, rows, 255).to(ScalarType.Byte).contiguous();
        return Image.NewFromMemory(values.data<byte>().ToArray(), (int)values.shape[1], rows, (int)values.shape[2], Enums.BandFormat.Uchar);
    }

    private static Image Sixteen(Tensor image, int top, int rows)
    {
        using var scope = NewDisposeScope();
        var values = Rounded(image, top, rows, 65535).to(ScalarType.Int32).contiguous(); // torch has no arithmetic on unsigned 16 bits
        var samples = Array.ConvertAll(values.data<int>().ToArray(), value => (ushort)value);
        return Image.NewFromMemory(MemoryMarshal.AsBytes<ushort>(samples).ToArray(), (int)values.shape[1], rows, (int)values.shape[2], Enums.BandFormat.Ushort);
    }

    /// <summary>rows×W×C, rounded to the nearest.</summary>
    private static Tensor Rounded(Tensor image, int top, int rows, int white) =>
        image.detach().narrow(2, top, rows).to(CPU).squeeze(0).permute(1, 2, 0).clamp(0, 1).mul(white).round();
}
