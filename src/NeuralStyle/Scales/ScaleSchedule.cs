using NeuralStyle.Imaging;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;

namespace NeuralStyle.Scales;

/// <summary>One step of the way from coarse to fine.</summary>
/// <param name="Size">Size of the picture at this scale.</param>
/// <param name="Iterations">Optimiser steps.</param>
/// <param name="Bleed">The margin painted around the picture at this scale.</param>
internal readonly record struct Scale(PixelSize Size, int Iterations, Bleed Bleed = default)
{
    /// <summary>The size of the picture with its bleed.</summary>
    public PixelSize Worked => Bleed.Around(Size);
}

/// <summary>The sizes to work at, from coarse to fine: pure functions of integers.</summary>
internal static class ScaleSchedule
{
    /// <summary>
    /// The final size divided by powers of <see cref="StyleSettings.ScaleStep"/> as long as the long side stays at or above
    /// <see cref="StyleSettings.MinimumSize"/>, coarsest first.
    /// </summary>
    /// <remarks>
    /// Coarse scales of a panorama are left out if its short side would be too short for four poolings. With circular padding the sides
    /// are rounded to multiples of 16, so that the result tiles.
    /// </remarks>
    /// <param name="content">Size of the content picture, for its proportions.</param>
    /// <param name="settings">Sizes, step and iterations.</param>
    public static IReadOnlyList<Scale> For(PixelSize content, StyleSettings settings)
    {
        List<int> longSides = [settings.Size];
        for (var size = settings.Size / settings.ScaleStep; Math.Round(size) >= settings.MinimumSize
            && Deep(content, (int)Math.Round(size)); size /= settings.ScaleStep)
            longSides.Insert(0, (int)Math.Round(size));
        return longSides.Select((longSide, index) =>
        {
            var whole = content.WithLongSide(longSide);
            var size = settings.Padding == PaddingMode.Circular ? Tileable(whole) : whole;
            var iterations = index == 0 ? settings.FirstIterations ?? settings.Iterations
                : index < longSides.Count - 1 ? (int)Math.Round(settings.MiddleShare * settings.Iterations, MidpointRounding.AwayFromZero)
                : settings.Iterations;
            return new Scale(size, iterations, Bleed.At(size, settings));
        }).ToArray();
    }

    /// <summary>The size of a style picture at a scale. Style pictures are never enlarged: that would add blur, not strokes.</summary>
    /// <param name="style">The picture's own size.</param>
    /// <param name="scale">Size of the result at this scale.</param>
    /// <param name="settings">Final size, style size and style scale.</param>
    /// <param name="index">Which style it is, from 0.</param>
    public static PixelSize StyleSizeAt(PixelSize style, PixelSize scale, StyleSettings settings, int index = 0)
    {
        var wanted = WantedStyleSide(scale, settings, index);
        var least = Math.Max(SettingsLimits.SmallestSize,
            (int)Math.Ceiling((double)Picture.SmallestSide * style.LongSide / style.ShortSide));
        return style.WithLongSide(Math.Clamp((int)Math.Round(wanted), Math.Min(least, style.LongSide), style.LongSide));
    }

    /// <summary>The long side that the settings ask for, whatever the style picture has; see <see cref="StyleSizeAt"/>.</summary>
    public static double WantedStyleSide(PixelSize scale, StyleSettings settings, int index) => settings.StyleSize is { } size
        ? size * ((double)scale.LongSide / settings.Size)
        : scale.LongSide * settings.StyleScale[settings.StyleScale.Count == 1 ? 0 : index];

    private static bool Deep(PixelSize content, int longSide) => content.WithLongSide(longSide).ShortSide >= Picture.SmallestSide;

    /// <summary>
    /// The nearest size that four poolings halve without remainder, so that a seamless picture is seamless at every layer.
    /// </summary>
    private static PixelSize Tileable(PixelSize size)
    {
        static int Round(int side) => Math.Max(2, (side + 8) / 16) * 16;
        return new PixelSize(Round(size.Width), Round(size.Height));
    }
}
