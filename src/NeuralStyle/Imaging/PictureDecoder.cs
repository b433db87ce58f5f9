using NetVips;
using static TorchSharp.torch;

namespace NeuralStyle.Imaging;

/// <summary>From a file to a tensor through libvips, and every way in which that can fail, said in one line.</summary>
internal static class PictureDecoder
{
    static PictureDecoder() => Libvips.Prepare();

    /// <summary>Refuses what cannot be a picture before libvips sees it.</summary>
    public static void CheckFile(string path)
    {
        if (Directory.Exists(path)) throw new InvalidInputException($"'{path}' is a folder; expected a picture file");
        if (!File.Exists(path)) throw new InvalidInputException($"'{path}' does not exist; check the name");
        try
        {
            using var file = File.OpenRead(path);
            if (file.Length == 0) throw new InvalidInputException($"'{path}' is empty; expected a picture");
        }
        catch (Exception failure) when (failure is UnauthorizedAccessException or IOException)
        {
            throw new InvalidInputException($"'{path}' cannot be read: {failure.Message.TrimEnd('.')}", failure);
        }
    }

    /// <summary>Opens for one pass from top to bottom; fails on truncated files instead of filling up with grey.</summary>
    public static Image Open(string path, VOption? options = null)
    {
        try
        {
            return Image.NewFromFile(path, access: Enums.Access.Sequential, failOn: Enums.FailOn.Error, kwargs: options);
        }
        catch (VipsException failure)
        {
            throw Explain(path, failure);
        }
    }

    /// <summary>Decodes colours or alpha at a size.</summary>
    /// <returns>1×3×h×w or 1×1×h×w float32 in [0, 1], as stored (not turned upright).</returns>
    public static Tensor Decode(string path, PixelSize size, bool alpha)
    {
        try
        {
            using var opened = OpenShrunk(path, size);
            using var srgb = ToSrgb(opened);
            using var resized = Resize(srgb, size);
            var bands = resized.HasAlpha() ? resized.Bands - 1 : resized.Bands;
            using var wanted = alpha ? resized.ExtractBand(bands) : resized.ExtractBand(0, n: bands);
            return PlanarTarget.Read(wanted);
        }
        catch (VipsException failure)
        {
            throw Explain(path, failure);
        }
    }

    /// <summary>JPEG can be decoded at an eighth, a quarter or half its size for a fraction of the work; twice the wanted size is kept for the kernel.</summary>
    private static Image OpenShrunk(string path, PixelSize size)
    {
        var image = Open(path);
        if (!image.Contains("vips-loader") || image.Get("vips-loader") is not string loader || !loader.StartsWith("jpegload", StringComparison.Ordinal)) return image;
        var room = Math.Min(image.Width / (2.0 * size.Width), image.Height / (2.0 * size.Height));
        var shrink = room >= 8 ? 8 : room >= 4 ? 4 : room >= 2 ? 2 : 1;
        if (shrink == 1) return image;
        image.Dispose();
        return Open(path, new VOption { { "shrink", shrink } });
    }

    private static Image ToSrgb(Image image)
    {
        var deep = image.Format is Enums.BandFormat.Ushort or Enums.BandFormat.Short or Enums.BandFormat.Float or Enums.BandFormat.Double;
        var cmyk = image.Interpretation == Enums.Interpretation.Cmyk;
        if (image.Contains("icc-profile-data") || cmyk)
        {
            try
            {
                var converted = image.IccTransform("srgb", pcs: Enums.PCS.Lab, intent: Enums.Intent.Relative, blackPointCompensation: true,
                    embedded: true, inputProfile: cmyk ? "cmyk" : "srgb", depth: deep ? 16 : 8);
                if (converted.Bands - (converted.HasAlpha() ? 1 : 0) == 3) return converted;
                converted.Dispose();
            }
            catch (VipsException)
            {
                // a damaged profile, or one for another kind of picture: take the values for sRGB, as viewers do
            }
        }
        return image.Colourspace(deep ? Enums.Interpretation.Rgb16 : Enums.Interpretation.Srgb);
    }

    /// <summary>Resizes in float; colours weighted by alpha, so that the colour of invisible pixels does not bleed into visible ones.</summary>
    private static Image Resize(Image image, PixelSize size)
    {
        var white = image.Format == Enums.BandFormat.Ushort ? 65535.0 : 255.0;
        using var scaled = image.Cast(Enums.BandFormat.Float) / white;
        var (across, down) = ((double)size.Width / image.Width, (double)size.Height / image.Height);
        if (!image.HasAlpha()) return scaled.Resize(across, kernel: Enums.Kernel.Lanczos3, vscale: down);
        using var premultiplied = scaled.Premultiply(maxAlpha: 1);
        using var resized = premultiplied.Resize(across, kernel: Enums.Kernel.Lanczos3, vscale: down);
        return resized.Unpremultiply(maxAlpha: 1);
    }

    private static InvalidInputException Explain(string path, VipsException failure)
    {
        var reason = failure.Message.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault() ?? failure.Message;
        if (IsHeic(path))
            return new InvalidInputException($"'{path}' cannot be read: it is damaged, or this build of libvips has no HEVC decoder for HEIC; convert the picture to JPEG or PNG first ({reason.Trim()})", failure);
        return failure.Message.Contains("is not a known file format", StringComparison.Ordinal)
            ? new InvalidInputException($"'{path}' is not a picture that can be read; expected JPEG, PNG, WebP, TIFF, AVIF, GIF or HEIC", failure)
            : new InvalidInputException($"'{path}' is damaged or not readable ({reason.Trim()}); expected a complete picture", failure);
    }

    /// <summary>Whether the file begins as HEIC does: an ISO media file of a brand whose pictures are HEVC-coded.</summary>
    private static bool IsHeic(string path)
    {
        if (!File.Exists(path)) return false; // gone meanwhile
        Span<byte> start = stackalloc byte[12];
        using var file = File.OpenRead(path);
        return file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start[4..8].SequenceEqual("ftyp"u8)
            && (start[8..].SequenceEqual("heic"u8) || start[8..].SequenceEqual("heix"u8) || start[8..].SequenceEqual("mif1"u8));
    }
}
