using System.Security.Cryptography;
using NetVips;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Imaging;

/// <summary>
/// A picture file that can be had at any size as sRGB: upright (EXIF orientation), colour-managed (embedded ICC profile; CMYK by a
/// stock profile when it has none), with its alpha channel kept aside. Only the header is read until pixels are asked for, and
/// they are decoded in one streaming pass each time, so that even a huge file needs no more memory than the size asked for.
/// </summary>
public sealed class Picture : IDisposable
{
    /// <summary>Smallest side of a picture that is accepted, in pixels: less leaves nothing behind four poolings.</summary>
    public const int SmallestSide = 16;

    /// <summary>
    /// Largest side that is believed, in pixels. Rows are decoded whole, some 2 kB for each pixel of the width with all that libvips does
    /// at once: one damaged byte in the header of a small file could claim ten million and take all memory.
    /// </summary>
    public const int LargestSide = 300_000;

    private readonly int _orientation; // EXIF, 1 to 8
    private string? _sha256;

    private Picture(string path, PixelSize stored, int orientation, bool hasAlpha)
    {
        Path = path;
        _orientation = orientation;
        HasAlpha = hasAlpha;
        Size = Orientation.SwapsSides(orientation) ? new PixelSize(stored.Height, stored.Width) : stored;
    }

    /// <summary>The path as it was given.</summary>
    public string Path { get; }

    /// <summary>Width and height of the upright picture.</summary>
    public PixelSize Size { get; }

    /// <summary>Whether the file has an alpha channel.</summary>
    public bool HasAlpha { get; }

    /// <summary>SHA-256 of the file's bytes, lower-case hexadecimal.</summary>
    public string Sha256 => _sha256 ??= Hash(Path);

    /// <summary>Opens a picture and reads its header: JPEG, PNG, WebP, TIFF, AVIF, GIF (first frame), HEIC where the codec is there.</summary>
    /// <exception cref="InvalidInputException">The file is missing, empty, no picture, too small or incredibly large.</exception>
    public static Picture Load(string path)
    {
        PictureDecoder.CheckFile(path);
        using var image = PictureDecoder.Open(path);
        var size = new PixelSize(image.Width, image.PageHeight);
        if (size.ShortSide < SmallestSide)
            throw new InvalidInputException($"'{path}' is {size} pixels; expected at least {SmallestSide} on each side");
        if (size.LongSide > LargestSide)
            throw new InvalidInputException($"'{path}' is {size} pixels by its header; expected at most {LargestSide} on each side");
        var orientation = image.Contains("orientation") && image.Get("orientation") is int value and >= 1 and <= 8 ? value : 1;
        return new Picture(path, size, orientation, image.HasAlpha());
    }

    /// <summary>Decodes and resizes by a Lanczos kernel, antialiased, on sRGB values as painters and peers do.</summary>
    /// <param name="size">The size wanted.</param>
    /// <returns>1×3×H×W float32 in [0, 1] on the CPU; owned by the caller.</returns>
    /// <exception cref="InvalidInputException">The file is damaged.</exception>
    public Tensor ToTensor(PixelSize size) => Decode(size, alpha: false);

    /// <summary>The same with what is transparent mixed with white, for eyes.</summary>
    /// <inheritdoc cref="ToTensor"/>
    public Tensor ToTensorOnWhite(PixelSize size)
    {
        if (!HasAlpha) return ToTensor(size);
        using var scope = NewDisposeScope();
        var alpha = AlphaTensor(size);
        return ToTensor(size).mul_(alpha).add_(1 - alpha).MoveToOuterDisposeScope();
    }

    /// <summary>The alpha channel, resized alike.</summary>
    /// <param name="size">The size wanted.</param>
    /// <returns>1×1×H×W float32 in [0, 1] on the CPU; all 1 when the file has none; owned by the caller.</returns>
    public Tensor AlphaTensor(PixelSize size) => HasAlpha ? Decode(size, alpha: true) : ones(1, 1, size.Height, size.Width);

    /// <summary>The picture as a source for the loop over scales.</summary>
    public PictureSource AsSource() => new(Size, ToTensor);

    /// <summary>Nothing is held open between calls; here for symmetry with pictures that will.</summary>
    public void Dispose()
    {
        // the decoder's pipelines live only while a tensor is made
    }

    private Tensor Decode(PixelSize size, bool alpha)
    {
        using var scope = NewDisposeScope();
        var stored = Orientation.SwapsSides(_orientation) ? new PixelSize(size.Height, size.Width) : size;
        var pixels = PictureDecoder.Decode(Path, stored, alpha);
        return Orientation.Upright(pixels, _orientation).contiguous().MoveToOuterDisposeScope();
    }

    private static string Hash(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return Convert.ToHexStringLower(SHA256.HashData(file));
        }
        catch (IOException failure)
        {
            throw new InvalidInputException($"'{path}' cannot be read: {failure.Message.TrimEnd('.')}", failure);
        }
    }
}
