using NetVips;

namespace NeuralStyle.Imaging;

/// <summary>Pixels per inch for print, as a file says.</summary>
internal static class Resolution
{
    private const double LeastDpi = 1, MostDpi = 100_000;
    private const double Unknown = 25.4; // libvips' default of one pixel per millimetre: no real value
    private const int Across = 282, Down = 283, Unit = 296, Centimetre = 3; // tags of EXIF

    /// <summary>From the header of the format, else from EXIF.</summary>
    /// <param name="image">The picture as libvips opens it.</param>
    /// <param name="kind">Its kind.</param>
    /// <param name="stream">The file.</param>
    /// <returns>Null when the file says nothing, or not the same in both directions.</returns>
    public static double? Of(Image image, PictureKind kind, Stream stream) =>
        (SaysResolution(image, kind, stream) ? Dpi(image.Xres * 25.4, image.Yres * 25.4) : null)
            ?? (image.Contains("exif-data") && image.Get("exif-data") is byte[] exif ? OfExif(exif) : null);

    /// <summary>Whether a header says a resolution at all: for a PNG or JPEG that does not, libvips assumes 72.</summary>
    private static bool SaysResolution(Image image, PictureKind kind, Stream stream)
    {
        if (image.Contains("exif-ifd0-XResolution")) return true;
        if (kind == PictureKind.Png) return PngHeader.HasResolution(stream);
        if (kind != PictureKind.Jpeg) return true;
        Span<byte> start = stackalloc byte[14]; // SOI, APP0, its length, "JFIF", version, unit of the densities
        stream.Position = 0;
        return stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length
            && start[6..].StartsWith("JFIF"u8) && start[13] != 0;
    }

    private static double? OfExif(byte[] data)
    {
        using var stream = TiffDirectory.OfExif(data);
        if (TiffDirectory.Read(stream) is not { } tags || tags.Rational(Across) is not { } across) return null;
        var unit = tags.Number(Unit, 2) == Centimetre ? 2.54 : 1;
        return Dpi(across * unit, (tags.Rational(Down) ?? across) * unit);
    }

    private static double? Dpi(double across, double down)
    {
        // PNG and JPEG hold whole pixels per metre or centimetre
        var dpi = Math.Abs(across - Math.Round(across)) < 0.06 ? Math.Round(across) : across;
        return Math.Abs(across - Unknown) < 0.01 || Math.Abs(across - down) > 0.01 * across || !(dpi is >= LeastDpi and <= MostDpi)
            ? null
            : dpi;
    }
}
