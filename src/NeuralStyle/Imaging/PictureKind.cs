using System.Text;

namespace NeuralStyle.Imaging;

/// <summary>Who decodes a kind of picture.</summary>
internal enum PictureReader
{
    /// <summary>None: the kind is known only so that a message can name it.</summary>
    None,

    /// <summary>libvips, in one streaming pass where the format allows.</summary>
    Libvips,

    /// <summary>ImageMagick, whole and with 8 bits per channel.</summary>
    Magick,
}

/// <summary>A kind of file, known by its first bytes.</summary>
/// <param name="Name">For people.</param>
/// <param name="Reader">Who decodes it.</param>
/// <param name="Extensions">Usual extensions, lower case, with the dot.</param>
/// <param name="WholeBytesPerPixel">Bytes per pixel that decoding keeps in memory, as measured at 25 megapixels; 0 if rows are decoded one
/// after the other.</param>
internal sealed record PictureKind(string Name, PictureReader Reader, string[] Extensions, int WholeBytesPerPixel = 0)
{
    /// <summary>Number of bytes that <see cref="Of"/> needs.</summary>
    public const int Start = 1024;

    public static readonly PictureKind
        Jpeg = new("JPEG", PictureReader.Libvips, [".jpg", ".jpeg", ".jpe", ".jfif", ".mpo"]),
        Png = new("PNG", PictureReader.Libvips, [".png", ".apng"]),
        WebP = new("WebP", PictureReader.Libvips, [".webp"], 16),
        Tiff = new("TIFF", PictureReader.Libvips, [".tif", ".tiff"]),
        Avif = new("AVIF", PictureReader.Libvips, [".avif"], 16),
        Gif = new("GIF", PictureReader.Libvips, [".gif"], 8),
        Heic = new("HEIC", PictureReader.Magick, [".heic", ".heif", ".hif"], 16),
        JpegXl = new("JPEG XL", PictureReader.Magick, [".jxl"], 16),
        Jpeg2000 = new("JPEG 2000", PictureReader.Magick, [".jp2", ".j2k", ".j2c", ".jpx", ".jpf"], 24),
        Bmp = new("BMP", PictureReader.Magick, [".bmp", ".dib"], 20),
        Tga = new("TGA", PictureReader.Magick, [".tga"], 20),
        Netpbm = new("PPM", PictureReader.Magick, [".ppm", ".pgm", ".pbm", ".pnm", ".pam"], 20),
        Photoshop = new("PSD", PictureReader.Magick, [".psd", ".psb"], 24),
        Svg = new("SVG drawing", PictureReader.None, [".svg", ".svgz"]),
        Pdf = new("PDF document", PictureReader.None, [".pdf", ".ai"]),
        PostScript = new("PostScript document", PictureReader.None, [".eps", ".ps"]),
        Exr = new("OpenEXR picture", PictureReader.None, [".exr"]),
        Radiance = new("Radiance HDR picture", PictureReader.None, [".hdr"]),
        Icon = new("Windows icon", PictureReader.None, [".ico", ".cur"]),
        Dds = new("DDS texture", PictureReader.None, [".dds"]),
        Fits = new("FITS picture", PictureReader.None, [".fits", ".fit"]),
        Gimp = new("GIMP picture", PictureReader.None, [".xcf"]),
        Qoi = new("QOI picture", PictureReader.None, [".qoi"]),
        PortableFloat = new("PFM picture", PictureReader.None, [".pfm"]),
        Pcx = new("PCX picture", PictureReader.None, [".pcx"]),
        Raw = new("camera raw file", PictureReader.None, [".dng", ".cr2", ".cr3", ".nef", ".arw", ".orf", ".rw2", ".raf", ".pef", ".srw"]),
        Video = new("video", PictureReader.None, [".mp4", ".mov"]);

    private static readonly string[] s_targa = [".tga", ".icb", ".vda", ".vst"];

    /// <summary>All kinds.</summary>
    public static IReadOnlyList<PictureKind> All { get; } =
    [
        Jpeg, Png, WebP, Tiff, Avif, Gif, Heic, JpegXl, Jpeg2000, Bmp, Tga, Netpbm, Photoshop,
        Svg, Pdf, PostScript, Exr, Radiance, Icon, Dds, Fits, Gimp, Qoi, PortableFloat, Pcx, Raw, Video,
    ];

    /// <summary>The kind of a file.</summary>
    /// <param name="start">Its first <see cref="Start"/> bytes, or all.</param>
    /// <param name="name">Its name: raw files look like TIFF, and TGA has no signature.</param>
    /// <returns>Null when the kind is not known.</returns>
    public static PictureKind? Of(ReadOnlySpan<byte> start, string name)
    {
        var extension = Path.GetExtension(name).ToLowerInvariant();
        if (start.StartsWith((ReadOnlySpan<byte>)[0xff, 0xd8, 0xff])) return Jpeg;
        if (start.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10])) return Png;
        if (start.StartsWith("RIFF"u8) && start.Length >= 12 && start[8..].StartsWith("WEBP"u8)) return WebP;
        if (start.StartsWith("GIF8"u8)) return Gif;
        if (start.StartsWith("II*\0"u8) || start.StartsWith("MM\0*"u8) || start.StartsWith("II+\0"u8) || start.StartsWith("MM\0+"u8))
            return Raw.Extensions.Contains(extension) || (start.Length >= 10 && start[8..].StartsWith("CR"u8)) ? Raw : Tiff;
        if (start.StartsWith("IIRO"u8) || start.StartsWith("IIU\0"u8) || start.StartsWith("FUJIFILMCCD-RAW"u8)) return Raw;
        if (start.Length >= 12 && start[4..].StartsWith("ftyp"u8)) return OfMedia(start);
        if (start.StartsWith((ReadOnlySpan<byte>)[0xff, 0x0a]) || IsBox(start, "JXL "u8)) return JpegXl;
        if (start.StartsWith((ReadOnlySpan<byte>)[0xff, 0x4f, 0xff, 0x51]) || IsBox(start, "jP  "u8)) return Jpeg2000;
        if (start.StartsWith("8BPS"u8)) return Photoshop;
        if (start.Length >= 3
            && start[0] == 'P'
            && start[1] is >= (byte)'1' and <= (byte)'7'
            && (char.IsWhiteSpace((char)start[2]) || start[2] == '#')) return Netpbm;
        if (start.Length >= 3 && start[0] == 'P' && start[1] is (byte)'F' or (byte)'f' && char.IsWhiteSpace((char)start[2]))
            return PortableFloat;
        if (start.StartsWith("%PDF"u8)) return Pdf;
        if (start.StartsWith("%!PS"u8) || start.StartsWith((ReadOnlySpan<byte>)[0xc5, 0xd0, 0xd3, 0xc6])) return PostScript;
        if (start.StartsWith((ReadOnlySpan<byte>)[0x76, 0x2f, 0x31, 0x01])) return Exr;
        if (start.StartsWith("#?RADIANCE"u8) || start.StartsWith("#?RGBE"u8)) return Radiance;
        if (start.StartsWith("DDS "u8)) return Dds;
        if (start.StartsWith("SIMPLE  ="u8)) return Fits;
        if (start.StartsWith("gimp xcf"u8)) return Gimp;
        if (start.StartsWith("qoif"u8)) return Qoi;
        if (start.StartsWith("BM"u8) && start.Length > 26) return Bmp;
        if (s_targa.Contains(extension) && IsTarga(start)) return Tga;
        if (start.StartsWith((ReadOnlySpan<byte>)[0, 0, 1, 0]) || start.StartsWith((ReadOnlySpan<byte>)[0, 0, 2, 0])) return Icon;
        if (IsSvg(start) || (extension == ".svgz" && start.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b]))) return Svg;
        return Pcx.Extensions.Contains(extension) && start is [0x0a, ..] ? Pcx : null;
    }

    /// <summary>
    /// ISO media files list compatible brands: AVIF may be in a file whose first brand is the general mif1, or that is called
    /// .heic.
    /// </summary>
    private static PictureKind OfMedia(ReadOnlySpan<byte> start)
    {
        var length = (int)Math.Min(System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(start), (uint)start.Length);
        var brands = Encoding.Latin1.GetString(start[8..Math.Max(12, length)]);
        if (brands.Contains("avif", StringComparison.Ordinal) || brands.Contains("avis", StringComparison.Ordinal)) return Avif;
        if (brands.StartsWith("crx", StringComparison.Ordinal)) return Raw;
        return ((string[])["heic", "heix", "heim", "heis", "hevc", "mif1", "msf1"])
            .Any(brand => brands.Contains(brand, StringComparison.Ordinal)) ? Heic : Video;
    }

    private static bool IsBox(ReadOnlySpan<byte> start, ReadOnlySpan<byte> type) =>
        start.StartsWith((ReadOnlySpan<byte>)[0, 0, 0, 12]) && start[4..].StartsWith(type);

    private static bool IsTarga(ReadOnlySpan<byte> start) =>
        start.Length > 18 && start[1] <= 1 && start[2] is 1 or 2 or 3 or 9 or 10 or 11 && start[16] is 8 or 15 or 16 or 24 or 32;

    private static bool IsSvg(ReadOnlySpan<byte> start)
    {
        var text = Encoding.UTF8.GetString(start).TrimStart('\ufeff', ' ', '\t', '\r', '\n');
        return text.StartsWith('<') && text.Contains("<svg", StringComparison.OrdinalIgnoreCase);
    }
}
