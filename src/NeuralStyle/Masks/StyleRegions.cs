using NeuralStyle.Imaging;
using NeuralStyle.Scales;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Masks;

/// <summary>The regions of the result and the matching regions of each style, at one scale.</summary>
/// <param name="Content">R×1×H×W weights in the result; null if the whole result is one region.</param>
/// <param name="Styles">R×1×h×w weights in each style, 1×1×h×w if all regions share them; null if every region uses the whole
/// style.</param>
/// <param name="Names">The colour of each region, for messages and logs.</param>
internal sealed record StyleRegions(Tensor? Content, IReadOnlyList<Tensor?> Styles, IReadOnlyList<string> Names)
{
    private const double Least = 1e-3; // smallest share of a picture that gives useful statistics
    private const long MostPixels = 4 << 20; // at which a mask is looked at, unless the scale has more: about 150 MB

    /// <summary>
    /// Renders masks at the sizes of a scale. Of a partly transparent style, only visible parts count, within its mask if it
    /// has one.
    /// </summary>
    /// <returns>Null if there are none. The tensors belong to the current dispose scope.</returns>
    /// <exception cref="InvalidInputException">
    /// A region of the content is in no style with a weight; the content's mask has fewer than two regions; or nothing of a style is
    /// visible.
    /// </exception>
    internal static StyleRegions? Render(StyleInputs inputs, PixelSize size, Bleed bleed, IReadOnlyList<PixelSize> styleSizes)
    {
        var visible = inputs.Styles.Select((style, i) => Visible(style, styleSizes[i], i)).ToArray();
        if (inputs.ContentMask is not { } mask || inputs.StyleMasks is not { } styleMasks)
            return visible.All(opacity => opacity is null) ? null : new StyleRegions(null, visible, ["all"]);
        var palette = RegionMasks.Palette(mask.Render(WorkedSize(mask.Size, 0)), "StyleInputs.ContentMask");
        if (palette.shape[0] < 2)
        {
            var found = palette.shape[0] == 0
                ? "no region: it has no flat colours"
                : $"one region only, {RegionMasks.Name(palette, 0)}";
            throw new InvalidInputException($"StyleInputs.ContentMask names {found}; paint at least two regions, each in one flat "
                + "colour, or leave the masks out");
        }
        var content = bleed.Add(Weights(mask, palette, size));
        var styles =
            styleMasks.Select((styleMask, i) => (styleMask is null ? null : Weights(styleMask, palette, styleSizes[i]), visible[i]) switch
        {
            ({ } weights, { } opacity) => weights * opacity,
            (var weights, var opacity) => weights ?? opacity,
        }).ToArray();
        var names = Enumerable.Range(0, (int)palette.shape[0]).Select(region => RegionMasks.Name(palette, region)).ToArray();
        var regions = new StyleRegions(content, styles, names);
        foreach (var (region, _) in regions.Present())
        {
            if (!Enumerable.Range(0, styles.Length).Any(style => (inputs.StyleWeights?[style] ?? 1) > 0 && regions.Has(style, region)))
                throw new InvalidInputException($"the region {names[region]} of StyleInputs.ContentMask is in no StyleInputs.StyleMasks "
                    + $"of a style with a weight; paint it in the mask of a style, or remove it from the content's mask");
        }
        return regions;
    }

    /// <summary>The regions of the result with their shares of it; the shares sum to about 1.</summary>
    public IEnumerable<(int Region, double Share)> Present()
    {
        if (Content is null) yield return (0, 1);
        for (var region = 0; region < (Content is null ? 0 : Names.Count); region++)
        {
            using var mean = Content![region].mean();
            if (mean.ToDouble() >= Least) yield return (region, mean.ToDouble());
        }
    }

    /// <summary>Whether a style has a part for a region.</summary>
    public bool Has(int style, int region)
    {
        if (Styles[style] is not { } mask) return true;
        using var mean = mask[mask.shape[0] == 1 ? 0 : region].mean();
        return mean.ToDouble() >= Least;
    }

    /// <summary>The same on a device.</summary>
    public StyleRegions To(Device device) =>
        this with { Content = Content?.to(device), Styles = Styles.Select(style => style?.to(device)).ToArray() };

    /// <summary>Opacity of a style, 1×1×h×w; null if all of it is opaque.</summary>
    private static Tensor? Visible(PictureSource style, PixelSize size, int index)
    {
        if (style.Opacity?.Invoke(size) is not { } opacity) return null;
        using var mean = opacity.mean();
        return mean.ToDouble() >= Least
            ? opacity
            : throw new InvalidInputException(
                $"style picture {index + 1} is completely transparent; give one with visible parts");
    }

    /// <summary>
    /// Regions are found at the mask's own size and then shrunk, so that edges become soft instead of a third region. Only a mask that is
    /// far larger than the picture is shrunk before.
    /// </summary>
    private static Tensor Weights(PictureSource mask, Tensor palette, PixelSize size)
    {
        using var rendered = mask.Render(WorkedSize(mask.Size, size.Pixels));
        return RegionMasks.Weights(rendered, palette, size);
    }

    private static PixelSize WorkedSize(PixelSize own, long pixels)
    {
        var most = Math.Max(MostPixels, pixels);
        return own.Pixels <= most ? own : own.WithLongSide((int)(own.LongSide * Math.Sqrt((double)most / own.Pixels)));
    }
}
