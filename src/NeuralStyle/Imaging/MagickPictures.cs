using ImageMagick;
using NetVips;

namespace NeuralStyle.Imaging;

/// <summary>
/// Reads formats that our libvips has no loader for (HEIC, JPEG XL, JPEG 2000, BMP, TGA, PPM, PSD) through ImageMagick. The format is
/// always named, so that none of its many other readers ever sees a file, and its own limits apply below ours.
/// </summary>
internal static class MagickPictures
{
    static MagickPictures()
    {
        var limits = new PictureLimits();
        ResourceLimits.Width = ResourceLimits.Height = (ulong)limits.LargestSide;
        ResourceLimits.Area = ResourceLimits.Memory = (ulong)limits.MostWholeBytes;
        ResourceLimits.Disk = 0; // never to temporary files
    }

    /// <summary>Width, height and number of channels, from the header.</summary>
    /// <exception cref="InvalidInputException">The file is damaged.</exception>
    public static (PixelSize Size, int Bands) Header(PictureFile file, PictureKind kind) => Guarded(file, kind, default, () =>
    {
        var bytes = file.ReadAll();
        if (kind == PictureKind.Photoshop) return PhotoshopFile.Header(bytes); // ImageMagick would decode the picture
        using var image = new MagickImage();
        image.Ping(bytes, Settings(kind));
        return (new PixelSize(checked((int)image.Width), checked((int)image.Height)), 4);
    });

    /// <summary>Decodes, upright, to RGB or RGBA of 8 bits with the file's ICC profile, EXIF, XMP and resolution.</summary>
    /// <exception cref="InvalidInputException">The file is damaged.</exception>
    /// <exception cref="OperationCanceledException">Asked for.</exception>
    public static Image Decode(PictureFile file, PictureKind kind, CancellationToken cancellation) =>
        Guarded(file, kind, cancellation, () =>
    {
        using var image = new MagickImage();
        image.Progress += (_, progress) => progress.Cancel = cancellation.IsCancellationRequested;
        image.Read(file.ReadAll(), Settings(kind));
        cancellation.ThrowIfCancellationRequested();
        var profile = image.ColorSpace == ColorSpace.sRGB ? image.GetProfile("icc")?.ToByteArray() : null;
        if (image.ColorSpace != ColorSpace.sRGB && !image.TransformColorSpace(ColorProfiles.SRGB)) image.ColorSpace = ColorSpace.sRGB;
        var alpha = image.HasAlpha;
        using var pixels = image.GetPixelsUnsafe();
        var bytes = pixels.ToByteArray(alpha ? "RGBA" : "RGB")
            ?? throw new InvalidInputException($"'{file.Name}' is a damaged or incomplete {kind.Name}; expected a complete picture");
        using var plain = Image.NewFromMemory(bytes, (int)image.Width, (int)image.Height, alpha ? 4 : 3, Enums.BandFormat.Uchar);
        var (across, down) = PerMillimetre(image.Density);
        using var printed = plain.Copy(xres: across, yres: down);
        return printed.Mutate(mutable =>
        {
            mutable.Set(GValue.GIntType, "orientation", 1);
            foreach (var (field, data) in ((string, byte[]?)[])[("icc-profile-data", profile),
                ("exif-data", image.GetProfile("exif")?.ToByteArray()), ("xmp-data", image.GetProfile("xmp")?.ToByteArray())])
            {
                if (data is { Length: > 0 }) mutable.Set(GValue.BlobType, field, data);
            }
        });
    });

    private static (double Across, double Down) PerMillimetre(Density density) => density.Units switch
    {
        DensityUnit.PixelsPerInch => (density.X / 25.4, density.Y / 25.4),
        DensityUnit.PixelsPerCentimeter => (density.X / 10, density.Y / 10),
        _ => (1, 1), // unknown, as for libvips
    };

    private static MagickReadSettings Settings(PictureKind kind) => new()
    {
        Format = FormatOf(kind),
        FrameIndex = 0, // of several layers or frames: the first, or all of them merged
        FrameCount = 1,
    };

    /// <summary>ImageMagick's name of a kind that it reads.</summary>
    internal static MagickFormat FormatOf(PictureKind kind) =>
        kind == PictureKind.Heic ? MagickFormat.Heic
        : kind == PictureKind.JpegXl ? MagickFormat.Jxl
        : kind == PictureKind.Jpeg2000 ? MagickFormat.Jp2
        : kind == PictureKind.Bmp ? MagickFormat.Bmp
        : kind == PictureKind.Tga ? MagickFormat.Tga
        : kind == PictureKind.Netpbm ? MagickFormat.Pnm
        : kind == PictureKind.Photoshop ? MagickFormat.Psd
        : throw new ArgumentOutOfRangeException(nameof(kind));

    private static T Guarded<T>(PictureFile file, PictureKind kind, CancellationToken cancellation, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception failure) when (failure is MagickException or OverflowException)
        {
            cancellation.ThrowIfCancellationRequested();
            var reason = failure.Message.ReplaceLineEndings("\n").Split('\n')[0].Split(" @ ")[0];
            reason = string.Concat(reason.Split(" `")[0].Where(c => !char.IsControl(c))).Trim(); // bytes of the file, a temporary name
            if (failure is MagickResourceLimitErrorException)
                throw new InvalidInputException($"'{file.Name}' is too large to be decoded ({reason}); give a smaller picture", failure);
            throw new InvalidInputException($"'{file.Name}' is a damaged or incomplete {kind.Name} ({reason}); expected a complete picture",
                failure);
        }
    }
}
