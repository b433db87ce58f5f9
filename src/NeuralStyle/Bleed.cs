using NeuralStyle.Imaging;
using NeuralStyle.Vgg;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle;

/// <summary>
/// What is painted beyond the borders of the picture and cut off, as printers do. Where layers are padded, the outermost pixels answer to
/// statistics that have little to do with what is seen there, and fill with combs of short strokes; these end up in the bleed.
/// </summary>
/// <param name="Pixels">Width on each side; 0 for none.</param>
internal readonly record struct Bleed(int Pixels)
{
    /// <summary>That of a scale: as the settings say, never wider than half the picture, and none where borders wrap and are like the rest.</summary>
    public static Bleed At(PixelSize size, StyleSettings settings) => new(settings.Padding == PaddingMode.Circular ? 0 : Math.Min(settings.Bleed, size.ShortSide / 2));

    /// <summary>The size that is worked on for a picture of a size.</summary>
    public PixelSize Around(PixelSize size) => new(size.Width + 2 * Pixels, size.Height + 2 * Pixels);

    /// <summary>Continues a picture beyond its borders, mirrored.</summary>
    /// <param name="image">N×C×H×W; freed where another takes its place.</param>
    /// <returns>N×C×(H + 2·<see cref="Pixels"/>)×(W + 2·<see cref="Pixels"/>).</returns>
    public Tensor Add(Tensor image)
    {
        if (Pixels == 0) return image;
        using (image) return nn.functional.pad(image, [Pixels, Pixels, Pixels, Pixels], PaddingModes.Reflect);
    }

    /// <summary>The inverse of <see cref="Add"/>: what lies within, as a view; the same tensor where there is no bleed.</summary>
    /// <param name="image">N×C×H×W.</param>
    public Tensor Cut(Tensor image)
    {
        if (Pixels == 0) return image;
        using var rows = image.narrow(2, Pixels, image.shape[2] - 2 * Pixels);
        return rows.narrow(3, Pixels, image.shape[3] - 2 * Pixels);
    }
}
