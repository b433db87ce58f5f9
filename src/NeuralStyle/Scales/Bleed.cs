using NeuralStyle.Imaging;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Scales;

/// <summary>
/// The margin that is painted around the picture and cut off, as printers do. Where layers are padded, the outermost pixels follow
/// statistics that have little to do with the picture there, and fill with combs of short strokes; these end up in the bleed, and are not
/// enlarged. The last scale has none: its losses are those of the picture that is written, to the last pixel.
/// </summary>
/// <param name="Pixels">Width at the left and at the top; 0 for none at all.</param>
/// <param name="Right">Width at the right.</param>
/// <param name="Bottom">Width at the bottom.</param>
internal readonly record struct Bleed(int Pixels, int Right, int Bottom)
{
    private const int Stride = 16; // of four poolings

    /// <summary>
    /// The bleed of a scale: as in the settings, but at most half the picture; none at the last scale, and none if borders wrap and are
    /// like the rest. At the right and at the bottom it is up to 15 pixels wider if the picture allows: pooling drops incomplete cells, and
    /// deep layers would not see those pixels.
    /// </summary>
    public static Bleed At(PixelSize size, StyleSettings settings)
    {
        var pixels = settings.Padding == PaddingMode.Circular || size.LongSide >= settings.Size
            ? 0
            : Math.Min(settings.Bleed, size.ShortSide / 2);
        return new Bleed(pixels, Behind(size.Width), Behind(size.Height));

        int Behind(int side)
        {
            var whole = (side + 2 * pixels + Stride - 1) / Stride * Stride - side - pixels;
            return pixels == 0 || whole >= side ? pixels : whole; // a mirror image is no wider than the picture
        }
    }

    /// <summary>The size of a picture with its bleed.</summary>
    public PixelSize Around(PixelSize size) => new(Pixels + size.Width + Right, Pixels + size.Height + Bottom);

    /// <summary>Extends a picture beyond its borders by mirroring.</summary>
    /// <param name="image">N×C×H×W; freed if it is replaced.</param>
    /// <returns>N×C×H'×W', of the size <see cref="Around"/> it.</returns>
    public Tensor Add(Tensor image)
    {
        if (Pixels == 0) return image;
        using (image) return nn.functional.pad(image, [Pixels, Right, Pixels, Bottom], PaddingModes.Reflect);
    }

    /// <summary>The inverse of <see cref="Add"/>: the picture without its bleed, as a view; the same tensor if there is no bleed.</summary>
    /// <param name="image">N×C×H'×W'.</param>
    public Tensor Cut(Tensor image)
    {
        if (Pixels == 0) return image;
        using var rows = image.narrow(2, Pixels, image.shape[2] - Pixels - Bottom);
        return rows.narrow(3, Pixels, image.shape[3] - Pixels - Right);
    }
}
