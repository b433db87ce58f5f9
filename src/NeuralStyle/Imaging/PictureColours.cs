using NetVips;

namespace NeuralStyle.Imaging;

/// <summary>From stored channels to sRGB: the only place that knows colour spaces.</summary>
internal static class PictureColours
{
    /// <summary>Colours as sRGB.</summary>
    /// <param name="stored">The picture as libvips reads it.</param>
    /// <param name="layout">What its channels mean.</param>
    /// <returns>Three channels of floats in [0, 1].</returns>
    public static Image Of(Image stored, PixelLayout layout)
    {
        using var colours = layout.Colours == stored.Bands ? stored.Copy() : stored.ExtractBand(0, n: layout.Colours);
        using var device = layout.Space == Enums.Interpretation.Lab ? FromLab(colours, layout.SignedLab) : Interpreted(colours, layout);
        using var srgb = ToSrgb(device);
        return Scaled(srgb, srgb.Format == Enums.BandFormat.Ushort ? 65535 : 255);
    }

    /// <summary>Opacity.</summary>
    /// <returns>One channel of floats in [0, 1].</returns>
    public static Image AlphaOf(Image stored, PixelLayout layout)
    {
        using var alpha = stored.ExtractBand(layout.Alpha!.Value);
        return Scaled(alpha, layout.Opaque > 0 ? layout.Opaque : alpha.Format == Enums.BandFormat.Ushort ? 65535 : 255);
    }

    private static Image Scaled(Image image, double white)
    {
        using var values = image.Cast(Enums.BandFormat.Float);
        return values / white;
    }

    /// <summary>Whole numbers of 8 or 16 bits, as their own interpretation says.</summary>
    private static Image Interpreted(Image colours, PixelLayout layout)
    {
        using var whole = layout.White > 0 ? To16Bits(colours, layout.White) : colours.Copy();
        var deep = whole.Format == Enums.BandFormat.Ushort;
        return whole.Copy(interpretation: layout.Space switch
        {
            Enums.Interpretation.Bw => deep ? Enums.Interpretation.Grey16 : Enums.Interpretation.Bw,
            Enums.Interpretation.Cmyk => Enums.Interpretation.Cmyk,
            _ => deep ? Enums.Interpretation.Rgb16 : Enums.Interpretation.Srgb,
        });
    }

    private static Image To16Bits(Image colours, double white)
    {
        using var values = colours.Cast(Enums.BandFormat.Float);
        using var scaled = values * (65535 / white);
        using var rounded = scaled.Rint();
        return rounded.Cast(Enums.BandFormat.Ushort); // clips to 0 … 65535
    }

    /// <summary>
    /// Lab in whole numbers of 8 or 16 bits, after TIFF 6.0 and its technical note 4: CIELAB has a and b as signed numbers, in 16 bits
    /// times 256; ICCLAB has them around 128, and its largest lightness in 16 bits is 0xFF00.
    /// </summary>
    private static Image FromLab(Image stored, bool signed)
    {
        var deep = stored.Format == Enums.BandFormat.Ushort;
        double range = deep ? 65536 : 256, unit = deep ? 256 : 1;
        using var values = stored.Cast(Enums.BandFormat.Float);
        using var ab = values.ExtractBand(1, n: 2);
        using var lightness = values.ExtractBand(0) * (100 / (!deep ? 255.0 : signed ? 65535 : 65280));
        using var high = ab > range / 2 - 1; // 255 where true
        using var shift = high * (range / 255);
        using var centred = signed ? ab - shift : ab - 128 * unit;
        using var scaled = centred / unit;
        using var lab = lightness.Bandjoin(scaled);
        using var plain = lab.Cast(Enums.BandFormat.Float);
        return plain.Copy(interpretation: Enums.Interpretation.Lab);
    }

    private static Image ToSrgb(Image image)
    {
        var deep = image.Format is not Enums.BandFormat.Uchar;
        var cmyk = image.Interpretation == Enums.Interpretation.Cmyk;
        if (image.Interpretation == Enums.Interpretation.Lab) // under D50, TIFF's white; libvips' own formula has D65
            return image.IccExport(pcs: Enums.PCS.Lab, intent: Enums.Intent.Relative, outputProfile: "srgb", depth: 16);
        if (image.Contains("icc-profile-data") || cmyk)
        {
            try
            {
                var converted = image.IccTransform("srgb", pcs: Enums.PCS.Lab, intent: Enums.Intent.Relative, blackPointCompensation: true,
                    embedded: true, inputProfile: cmyk ? "cmyk" : "srgb", depth: deep ? 16 : 8);
                if (converted.Bands == 3) return converted;
                converted.Dispose();
            }
            catch (VipsException)
            {
                // a damaged profile, or one for another kind of picture: treat the values as sRGB, as viewers do
            }
        }
        return image.Colourspace(deep ? Enums.Interpretation.Rgb16 : Enums.Interpretation.Srgb);
    }
}
