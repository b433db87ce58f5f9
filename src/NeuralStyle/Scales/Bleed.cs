using NeuralStyle.Imaging;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Scales;

/// <summary>
/// What is painted beyond the borders of the picture and cut off, as printers do. Where layers are padded, the outermost pixels answer to
/// statistics that have little to do with what is seen there, and fill with combs of short strokes; these end up in the bleed, and are not
/// enlarged. The last scale has none: its losses are those of the picture that is written, to the last pixel.
/// </summary>
/// <param name="Pixels">Width at the left and at the top; 0 for none at all.</param>
/// <param name="Right">Width at the right.</param>
/// <param name="Bottom">Width at the bottom.</param>
internal readonly record struct Bleed(int Pixels, int Right, int Bottom)
{
    private const int Stride = 16; // of four poolings

    /// <summary>
    /// That of a scale: as the settings say, never wider than half the picture; none at the last scale and where borders wrap and are like
    /// the rest. At the right
    /// and at the bottom it is up to 15 pixels wider where the picture allows: pooling leaves out what does not fill a cell, and deep
    /// layers would not see it.
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
            return pixels == 0 || whole >= side ? pixels : whole; // a mirror shows no more than there is
        }
    }

    /// <summary>The size that is worked on for a picture of a size.</summary>
    public PixelSize Around(PixelSize size) => new(Pixels + size.Width + Right, Pixels + size.Height + Bottom);

    /// <summary>Continues a picture beyond its borders, mirrored.</summary>
    /// <param name="image">N×C×H×W; freed where another takes its place.</param>
    /// <returns>N×C×H'×W', of the size <see cref="Around"/> it.</returns>
    public Tensor Add(Tensor image)
    {
        if (Pixels == 0) return image;
        using (image) return nn.functional.pad(image, [Pixels, Right, Pixels, Bottom], PaddingModes.Reflect);
    }

    /// <summary>The inverse of <see cref="Add"/>: what lies within, as a view; the same tensor where there is no bleed.</summary>
    /// <param name="image">N×C×H'×W'.</param>
    public Tensor Cut(Tensor image)
    {
        if (Pixels == 0) return image;
        using var rows = image.narrow(2, Pixels, image.shape[2] - Pixels - Bottom);
        return rows.narrow(3, Pixels, image.shape[3] - Pixels - Right);
    }
}
