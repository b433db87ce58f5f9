using NetVips;
using static TorchSharp.torch;

namespace NeuralStyle.Imaging;

/// <summary>Decodes a file to a tensor through libvips, and turns every failure into one line.</summary>
internal static class PictureDecoder
{
    static PictureDecoder() => Libvips.Prepare();

    /// <summary>The kind of a file.</summary>
    /// <exception cref="InvalidInputException">It is no picture that can be read.</exception>
    public static PictureKind KindOf(PictureFile file)
    {
        var start = new byte[PictureKind.Start];
        using var stream = file.OpenStream();
        var count = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        var kind = PictureKind.Of(start.AsSpan(0, count), file.Name) ?? throw NotAPicture(file.Name);
        return kind.Reader != PictureReader.None ? kind
            : throw new InvalidInputException(
                $"'{file.Name}' is of a kind that cannot be read ({kind.Name}); convert it to PNG, TIFF or JPEG first");
    }

    /// <summary>The error for a file that is not a picture.</summary>
    public static InvalidInputException NotAPicture(string name) =>
        new($"'{name}' is not a picture that can be read; expected {PictureFormats.Names}");

    /// <summary>Opens a file for one pass from top to bottom; fails on truncated files instead of filling them with grey.</summary>
    /// <exception cref="InvalidInputException">The file is damaged.</exception>
    public static Image Open(PictureFile file, PictureKind kind, PixelLayout? layout = null, CancellationToken cancellation = default,
        VOption? options = null)
    {
        try
        {
            if (kind.Reader == PictureReader.Magick) return MagickPictures.Decode(file, kind, cancellation);
            return Opened(layout is { Space: Enums.Interpretation.Lab } or { UnknownOrientation: true }
                ? Source.NewFromMemory(Readable(file, layout))
                : file.NewSource(), options);
        }
        catch (VipsException failure)
        {
            throw Explain(file, kind, failure);
        }
    }

    /// <summary>The picture of a source. NetVips lets go of bytes in memory with their source, and libvips reads them later.</summary>
    private static Image Opened(Source source, VOption? options)
    {
        try
        {
            var image = Image.NewFromSource(source, access: Enums.Access.Sequential, failOn: Enums.FailOn.Error, kwargs: options);
            image.OnPostClose += source.Dispose; // when nothing is left that reads the picture
            return image;
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>Decodes at a size: alpha only, or colours followed by alpha if there is any.</summary>
    /// <returns>1×1×h×w, 1×3×h×w or 1×4×h×w float32 in [0, 1], as stored (not turned upright).</returns>
    /// <exception cref="InvalidInputException">The file is damaged.</exception>
    /// <exception cref="OperationCanceledException">Asked for.</exception>
    public static Tensor Decode(PictureFile file, PictureKind kind, PixelLayout layout, PixelSize size, bool alpha,
        CancellationToken cancellation)
    {
        return Guarded(file, kind, cancellation, () =>
        {
            using var opened = OpenShrunk(file, kind, layout, size, cancellation);
            using var killed = cancellation.Register(() => opened.SetKill(true));
            using var opacity = layout.Alpha is null ? null : PictureColours.AlphaOf(opened, layout);
            if (alpha && opacity is not null)
            {
                using var small = Resize(opacity, size);
                return PlanarTarget.Read(small, cancellation);
            }
            using var colours = PictureColours.Of(opened, layout);
            using var resized = opacity is null ? Resize(colours, size) : ResizeVisible(colours, opacity, size);
            return PlanarTarget.Read(resized, cancellation);
        });
    }

    /// <summary>The range of values of the channels from one on.</summary>
    public static SampleRange RangeOf(PictureFile file, PictureKind kind, PixelLayout layout, int first, int count,
        CancellationToken cancellation) => Guarded(file, kind, cancellation, () =>
    {
        using var opened = Open(file, kind, layout);
        using var killed = cancellation.Register(() => opened.SetKill(true));
        using var bands = opened.ExtractBand(first, n: count);
        return SampleRange.Of(bands);
    });

    private static T Guarded<T>(PictureFile file, PictureKind kind, CancellationToken cancellation, Func<T> work)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            return work();
        }
        catch (VipsException failure)
        {
            cancellation.ThrowIfCancellationRequested();
            throw Explain(file, kind, failure);
        }
    }

    /// <summary>
    /// JPEG can be decoded at an eighth, a quarter or half its size for a fraction of the work; at least twice the wanted size is kept for
    /// the kernel.
    /// </summary>
    private static Image OpenShrunk(PictureFile file, PictureKind kind, PixelLayout layout, PixelSize size, CancellationToken cancellation)
    {
        var image = Open(file, kind, layout, cancellation);
        if (kind != PictureKind.Jpeg) return image;
        var room = Math.Min(image.Width / (2.0 * size.Width), image.Height / (2.0 * size.Height));
        var shrink = room >= 8 ? 8 : room >= 4 ? 4 : room >= 2 ? 2 : 1;
        if (shrink == 1) return image;
        image.Dispose();
        return Open(file, kind, layout, cancellation, new VOption { { "shrink", shrink } });
    }

    private static Image Resize(Image image, PixelSize size) =>
        image.Resize((double)size.Width / image.Width, kernel: Enums.Kernel.Lanczos3, vscale: (double)size.Height / image.Height);

    /// <summary>Colours weighted by alpha, so that the colour of invisible pixels does not bleed into visible ones.</summary>
    private static Image ResizeVisible(Image colours, Image opacity, PixelSize size)
    {
        using var both = colours.Bandjoin(opacity);
        using var interpreted = both.Copy(interpretation: Enums.Interpretation.Srgb);
        using var premultiplied = interpreted.Premultiply(maxAlpha: 1);
        using var resized = Resize(premultiplied, size);
        return resized.Unpremultiply(maxAlpha: 1);
    }

    /// <summary>
    /// A TIFF with other tags, so that libvips reads it. Lab says RGB: the numbers are the same, but libvips refuses 8 bits, and changes 16
    /// bits in interleaved files only. An orientation without a meaning says upright.
    /// </summary>
    private static byte[] Readable(PictureFile file, PixelLayout layout)
    {
        var bytes = file.ReadAll().ToArray();
        using var stream = new MemoryStream(bytes);
        var tags = TiffDirectory.Read(stream)!;
        if (layout.Space == Enums.Interpretation.Lab) tags.Replace(bytes, TiffDirectory.Photometric, 2);
        if (layout.UnknownOrientation) tags.Replace(bytes, TiffDirectory.Orientation, 1);
        return bytes;
    }

    private static Exception Explain(PictureFile file, PictureKind kind, VipsException failure)
    {
        var lines = failure.Message.ReplaceLineEndings("\n")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var reason = lines.LastOrDefault(line => !line.Contains("load error", StringComparison.Ordinal)
            && !line.Contains("unable to call", StringComparison.Ordinal)) ?? "it cannot be decoded";
        // the name of a part of libvips
        if (reason.IndexOf(": ", StringComparison.Ordinal) is var colon and > 0 && !reason[..colon].Contains(' ', StringComparison.Ordinal))
            reason = reason[(colon + 2)..];
        bool Says(string text) => failure.Message.Contains(text, StringComparison.OrdinalIgnoreCase);
        if (Says("out of memory") || Says("unable to allocate") || Says("cannot allocate"))
            return new RunFailedException(
                $"there is not enough memory to decode '{file.Name}' ({reason}); close other programs, or give a smaller picture", failure);
        if (Says("too many open files"))
            return new RunFailedException($"'{file.Name}' cannot be opened: too many files are open; raise the limit (ulimit -n)", failure);
        return new InvalidInputException($"'{file.Name}' is a damaged or incomplete {kind.Name} ({reason}); expected a complete picture",
            failure);
    }
}
