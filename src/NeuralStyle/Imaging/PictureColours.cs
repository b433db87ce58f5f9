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
        using var device = layout.Space switch
        {
            Enums.Interpretation.Lab => FromLab8(colours, layout.SignedLab),
            Enums.Interpretation.Labs => colours.Copy(interpretation: Enums.Interpretation.Labs),
            _ => Interpreted(colours, layout),
        };
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

    /// <summary>8-bit Lab: L 0 … 255 stands for 0 … 100; a and b are signed bytes, or bytes around 128.</summary>
    private static Image FromLab8(Image bytes, bool signed)
    {
        using var values = bytes.Cast(Enums.BandFormat.Float);
        using var ab = values.ExtractBand(1, n: 2);
        using var lightness = values.ExtractBand(0) * (100.0 / 255);
        using var high = ab > 127; // 255 where true
        using var shift = signed ? high * (256.0 / 255) : Image.Black(1, 1) + 128;
        using var centred = ab - shift;
        using var lab = lightness.Bandjoin(centred);
        using var plain = lab.Cast(Enums.BandFormat.Float);
        return plain.Copy(interpretation: Enums.Interpretation.Lab);
    }

    private static Image ToSrgb(Image image)
    {
        var deep = image.Format is not Enums.BandFormat.Uchar;
        var cmyk = image.Interpretation == Enums.Interpretation.Cmyk;
        var lab = image.Interpretation is Enums.Interpretation.Lab or Enums.Interpretation.Labs;
        if ((image.Contains("icc-profile-data") && !lab) || cmyk)
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
