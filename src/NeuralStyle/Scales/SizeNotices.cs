using NeuralStyle.Imaging;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;

namespace NeuralStyle.Scales;

/// <summary>Where a run uses other sizes than its settings ask for.</summary>
internal static class SizeNotices
{
    /// <summary>One sentence for each.</summary>
    /// <param name="content">Size of the content picture.</param>
    /// <param name="styles">Size of each style picture.</param>
    /// <param name="settings">Sizes and style scales.</param>
    public static IEnumerable<string> For(PixelSize content, IReadOnlyList<PixelSize> styles, StyleSettings settings)
    {
        var (whole, last) = (content.WithLongSide(settings.Size), ScaleSchedule.For(content, settings)[^1].Size);
        if (settings.Padding == PaddingMode.Circular && last != whole)
            yield return $"the result has {last} pixels instead of {whole}: the sides of a picture that tiles are multiples of 16";
        for (var i = 0; i < styles.Count; i++)
        {
            var wanted = ScaleSchedule.WantedStyleSide(last, settings, i);
            var isAsked = settings.StyleSize is not null || settings.StyleScale.Any(scale => scale != 1);
            if (isAsked && Math.Round(wanted) > styles[i].LongSide)
                yield return $"style {i + 1} is used at its own {styles[i]} pixels, not with a long side of {Math.Round(wanted):0} as "
                    + $"{(settings.StyleSize is null ? "StyleSettings.StyleScale" : "StyleSettings.StyleSize")} asks: "
                    + "a picture that is enlarged has blur, not larger strokes; give a larger picture of the style";
        }
    }
}
