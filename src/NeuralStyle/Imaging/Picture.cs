using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Imaging;

/// <summary>
/// A picture file that can be read at any size as sRGB: upright (EXIF orientation), colour-managed (embedded ICC profile; CMYK by a
/// stock profile when it has none), with its alpha channel kept aside. Only the header is read until pixels are asked for, and
/// they are decoded in one streaming pass each time, so that even a huge file needs no more memory than the size asked for.
/// </summary>
public sealed class Picture : IDisposable
{
    /// <summary>Smallest side of a picture that is accepted, in pixels: less leaves nothing after four poolings.</summary>
    public const int SmallestSide = 16;

    private const int Glance = 256; // long side at which transparency is checked

    private readonly PictureFile _file;
    private readonly PictureKind _kind;
    private readonly PixelLayout _layout;
    private readonly int _orientation; // EXIF, 1 to 8
    private readonly Lazy<bool> _isTransparent;

    private Picture(PictureFile file, PictureKind kind, PictureHeader header, CancellationToken cancellation)
    {
        (_file, _kind, _layout, _orientation) = (file, kind, header.Layout, header.Orientation);
        Size = Imaging.Orientation.SwapsSides(_orientation) ? new PixelSize(header.Stored.Height, header.Stored.Width) : header.Stored;
        (Dpi, Authorship, Description, Notices) = (header.Dpi, header.Authorship, header.Description, header.Notices);
        _isTransparent = new(() =>
        {
            if (!HasAlpha) return false;
            using var alpha = Decode(Size.LongSide > Glance ? Size.WithLongSide(Glance) : Size, alpha: true, cancellation);
            using var least = alpha.min();
            return least.item<float>() < 0.995f;
        }, LazyThreadSafetyMode.PublicationOnly); // an attempt that failed is made again
    }

    /// <summary>The path or name as it was given.</summary>
    public string Path => _file.Name;

    /// <summary>Width and height of the upright picture.</summary>
    public PixelSize Size { get; }

    /// <summary>Whether the file has an alpha channel.</summary>
    public bool HasAlpha => _layout.Alpha is not null;

    /// <summary>Whether any part is transparent; decodes the alpha channel once.</summary>
    /// <exception cref="InvalidInputException">The file is damaged.</exception>
    public bool IsTransparent => _isTransparent.Value;

    /// <summary>Pixels per inch for print; null if the file does not say.</summary>
    public double? Dpi { get; }

    /// <summary>Artist and copyright.</summary>
    public Authorship Authorship { get; }

    /// <summary>How nst made the picture, as JSON; null if it did not.</summary>
    public string? Description { get; }

    /// <summary>Parts of the file that are not used, one sentence each: further frames or pages.</summary>
    public IReadOnlyList<string> Notices { get; }

    /// <summary>A notice for users who give this picture as a style; null if all of it is visible.</summary>
    public string? TransparencyNotice => IsTransparent ? $"'{Path}' is partly transparent; transparent parts do not count as style" : null;

    /// <summary>SHA-256 of the file's bytes, lower-case hexadecimal.</summary>
    public string Sha256 => _file.Sha256;

    /// <summary>Opens a picture and reads its header; docs/pictures.md lists what can be read.</summary>
    /// <param name="path">A file, or the name of a pipe, which is read to its end. The name is never parsed for options.</param>
    /// <param name="reading">Limits and cancellation; null for the usual limits.</param>
    /// <exception cref="InvalidInputException">
    /// The file is missing, empty, no picture, too small, too large or of a kind that cannot be read.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancelled, for instance while nothing is written to the pipe.</exception>
    public static Picture Load(string path, PictureReading? reading = null)
    {
        reading ??= new PictureReading();
        return Load(PictureFile.Open(path, reading), reading);
    }

    /// <summary>Reads a picture from a stream, for instance standard input, to its end.</summary>
    /// <param name="stream">Need not be seekable; disposed of.</param>
    /// <param name="name">What messages and records call it.</param>
    /// <param name="reading">Limits and cancellation; null for the usual limits.</param>
    /// <inheritdoc cref="Load(string, PictureReading?)"/>
    public static Picture Load(Stream stream, string name, PictureReading? reading = null)
    {
        reading ??= new PictureReading();
        return Load(PictureFile.Of(stream, name, reading), reading);
    }

    /// <summary>
    /// Decodes and resizes by a Lanczos kernel, antialiased, on sRGB values as other tools do. Transparent pixels take the colours
    /// of the visible pixels around them.
    /// </summary>
    /// <param name="size">The size wanted.</param>
    /// <returns>1×3×H×W float32 in [0, 1] on the CPU; owned by the caller.</returns>
    /// <exception cref="InvalidInputException">The file is damaged, or was changed since it was opened.</exception>
    public Tensor ToTensor(PixelSize size) => Interruptible(size, CancellationToken.None);

    /// <summary>The same, with cancellation.</summary>
    /// <param name="size">The size wanted.</param>
    /// <param name="cancellation">Stops decoding.</param>
    /// <returns>1×3×H×W float32 in [0, 1] on the CPU; owned by the caller.</returns>
    /// <exception cref="InvalidInputException">The file is damaged, or was changed since it was opened.</exception>
    /// <exception cref="OperationCanceledException">Asked for.</exception>
    public Tensor Interruptible(PixelSize size, CancellationToken cancellation)
    {
        var decoded = Decode(size, alpha: false, cancellation);
        if (!HasAlpha) return decoded;
        using (decoded) return HiddenColours.Fill(decoded);
    }

    /// <summary>The same with transparent parts mixed with white, for display.</summary>
    /// <param name="size">The size wanted.</param>
    /// <returns>1×3×H×W float32 in [0, 1] on the CPU; owned by the caller.</returns>
    /// <exception cref="InvalidInputException">The file is damaged, or was changed since it was opened.</exception>
    public Tensor ToTensorOnWhite(PixelSize size)
    {
        if (!HasAlpha) return ToTensor(size);
        using var scope = NewDisposeScope();
        var alpha = AlphaTensor(size);
        return ToTensor(size).mul_(alpha).add_(1 - alpha).MoveToOuterDisposeScope();
    }

    /// <summary>The alpha channel, resized in the same way.</summary>
    /// <param name="size">The size wanted.</param>
    /// <returns>1×1×H×W float32 in [0, 1] on the CPU; all 1 when the file has none; owned by the caller.</returns>
    public Tensor AlphaTensor(PixelSize size) => HasAlpha ? Decode(size, alpha: true, default) : ones(1, 1, size.Height, size.Width);

    /// <summary>The picture as a source for the loop over scales, with its opacity if it is transparent.</summary>
    public PictureSource AsSource() =>
        new(Size, ToTensor) { File = this, Opacity = IsTransparent ? AlphaTensor : null, Interruptible = Interruptible };

    /// <summary>Fails when the file on disk is no longer the one that was opened.</summary>
    /// <exception cref="InvalidInputException">It was changed or removed.</exception>
    public void CheckUnchanged() => _file.CheckUnchanged();

    /// <summary>Nothing is held open between calls; here for symmetry with pictures that will.</summary>
    public void Dispose()
    {
        // the decoder's pipelines live only while a tensor is made
    }

    private static Picture Load(PictureFile file, PictureReading reading)
    {
        var kind = PictureDecoder.KindOf(file);
        return new Picture(file, kind, PictureHeader.Read(file, kind, reading), reading.Cancellation);
    }

    private Tensor Decode(PixelSize size, bool alpha, CancellationToken cancellation)
    {
        _ = _file.Sha256; // of the bytes decoded now: a later change is detected by it
        _file.CheckUnchanged();
        using var scope = NewDisposeScope();
        var stored = Imaging.Orientation.SwapsSides(_orientation) ? new PixelSize(size.Height, size.Width) : size;
        var pixels = PictureDecoder.Decode(_file, _kind, _layout, stored, alpha, cancellation);
        _file.CheckUnchanged();
        return Imaging.Orientation.Upright(pixels, _orientation).contiguous().MoveToOuterDisposeScope();
    }
}
