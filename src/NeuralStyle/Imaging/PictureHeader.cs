using System.Globalization;
using NetVips;

namespace NeuralStyle.Imaging;

/// <summary>What is known of a picture before its pixels are decoded.</summary>
/// <param name="Stored">Width and height as stored, not turned upright.</param>
/// <param name="Layout">What its channels mean.</param>
/// <param name="Orientation">EXIF, 1 to 8.</param>
internal sealed record PictureHeader(PixelSize Stored, PixelLayout Layout, int Orientation)
{
    private const int MostPages = 1000;

    public double? Dpi { get; private init; }

    public Authorship Authorship { get; private init; } = new(null, null);

    public string? Description { get; private init; }

    public IReadOnlyList<string> Notices { get; private init; } = [];

    /// <summary>Reads and checks it. Nothing is decoded before the limits are checked.</summary>
    /// <exception cref="InvalidInputException">The picture is damaged, beyond the limits, or of a kind that cannot be read.</exception>
    public static PictureHeader Read(PictureFile file, PictureKind kind, PictureReading reading)
    {
        reading.Cancellation.ThrowIfCancellationRequested();
        if (kind.Reader == PictureReader.Magick)
        {
            var (claimed, bands) = MagickPictures.Header(file, kind);
            reading.Limits.Check(file.Name, claimed, bands, kind.WholeBytesPerPixel);
        }
        using var stream = file.OpenStream();
        var tiff = kind == PictureKind.Tiff
            ? TiffDirectory.Read(stream)
                ?? throw new InvalidInputException($"'{file.Name}' is a damaged or incomplete TIFF; expected a complete picture")
            : null;
        var layout = tiff is null
            ? null
            : PixelLayout.Of(tiff, (int)Math.Min(tiff.Number(TiffDirectory.SamplesPerPixel, 1), int.MaxValue), file.Name, reading.Limits);
        using var image = PictureDecoder.Open(file, kind, layout, reading.Cancellation);
        var size = new PixelSize(image.Width, image.PageHeight);
        reading.Limits.Check(file.Name, size, image.Bands, WholeBytes(image, kind), deep: image.Format != Enums.BandFormat.Uchar);
        layout = tiff is null ? PixelLayout.Of(image, file.Name) : PixelLayout.Of(tiff, image.Bands, file.Name, reading.Limits);
        return new PictureHeader(size, Measured(layout, image, file, kind, reading.Cancellation), OrientationOf(image))
        {
            Dpi = Resolution.Of(image, kind, stream),
            Authorship = Authorship.Of(image, tiff),
            Description = PictureMetadata.Of(image),
            Notices = [.. NoticesOf(image, file.Name, kind, kind == PictureKind.Png ? PngHeader.Frames(stream) : 1, tiff)],
        };
    }

    /// <summary>Finds the value of white if the format does not define it.</summary>
    private static PixelLayout Measured(PixelLayout layout, Image image, PictureFile file, PictureKind kind, CancellationToken cancellation)
    {
        if (image.Format is Enums.BandFormat.Uchar or Enums.BandFormat.Ushort
            || layout.Space is Enums.Interpretation.Lab) return layout;
        double White(int first, int count) => PictureDecoder.RangeOf(file, kind, layout, first, count, cancellation)
            .White(image.Format, file.Name);
        return layout with { White = White(0, layout.Colours), Opaque = layout.Alpha is { } alpha ? White(alpha, 1) : 0 };
    }

    /// <summary>
    /// Bytes per pixel that decoding keeps in memory: for all files of some kinds; for JPEG and PNG only if progressive or interlaced.
    /// </summary>
    private static int WholeBytes(Image image, PictureKind kind)
    {
        if (kind.WholeBytesPerPixel > 0) return kind.WholeBytesPerPixel;
        if (!image.Contains("interlaced") || image.Get("interlaced") is not 1) return 0;
        return image.Bands * (image.Format == Enums.BandFormat.Ushort ? 4 : 2);
    }

    private static int OrientationOf(Image image) =>
        image.Contains("orientation") && image.Get("orientation") is int value and >= 1 and <= 8 ? value : 1;

    private static IEnumerable<string> NoticesOf(Image image, string name, PictureKind kind, int frames, TiffDirectory? tiff)
    {
        if (tiff is not null)
        {
            var pages = 1;
            for (var page = tiff.Next(); page is not null && pages < MostPages; page = page.Next())
            {
                if ((page.Number(TiffDirectory.SubfileType, 0) & 1) == 0 && !IsSmallerCopy(tiff, page)) pages++;
            }
            if (pages > 1)
                yield return string.Create(CultureInfo.InvariantCulture,
                    $"'{name}' has {pages}{(pages == MostPages ? " or more" : "")} pages or layers; the first is used");
            yield break;
        }
        if (kind != PictureKind.Png && image.Contains("n-pages") && image.Get("n-pages") is int count) frames = count;
        if (frames > 1)
            yield return string.Create(CultureInfo.InvariantCulture,
                $"'{name}' has {frames} {(kind == PictureKind.Avif ? "pictures" : "frames")}; the first is used");
    }

    /// <summary>Whether a page is a level of a pyramid: its sides are half those of the first, or a quarter, and so on.</summary>
    private static bool IsSmallerCopy(TiffDirectory first, TiffDirectory page)
    {
        const int width = 256, height = 257;
        var (w, h) = ((double)first.Number(width, 0) / Math.Max(1, page.Number(width, 1)),
            (double)first.Number(height, 0) / Math.Max(1, page.Number(height, 1)));
        // tiled, as pyramids are
        return w >= 1.9
            && Math.Abs(Math.Log2(w) - Math.Round(Math.Log2(w))) < 0.1
            && Math.Abs(w - h) < 0.1 * w
            && page.Has(322)
            && first.Has(322);
    }
}
