using NetVips;

namespace NeuralStyle.Cli.Studio;

/// <summary>
/// The masks of the styles for regions that a page painted: each style is one flat colour, so that the region of that colour takes its
/// style from the whole of it.
/// </summary>
internal static class RegionMasks
{
    private const int Side = 32;

    /// <summary>The colours of the styles, in their order; a page paints regions in them.</summary>
    public static IReadOnlyList<(byte Red, byte Green, byte Blue)> Colours { get; } =
        [(0, 0, 0), (255, 255, 255), (255, 0, 0), (0, 0, 255), (0, 255, 0), (255, 255, 0), (255, 0, 255), (0, 255, 255)];

    /// <summary>The names of the masks of so many styles; they are written if they are not there.</summary>
    public static IEnumerable<string> For(StudioFolder folder, int styles) => Colours.Take(styles).Select(colour =>
    {
        using var black = Image.Black(Side, Side, bands: 3);
        using var flat = (black + new double[] { colour.Red, colour.Green, colour.Blue }).Cast(Enums.BandFormat.Uchar)
            .Copy(interpretation: Enums.Interpretation.Srgb);
        return folder.KeepMask(flat.PngsaveBuffer());
    });
}
