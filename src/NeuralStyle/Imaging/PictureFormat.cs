using System.Globalization;

namespace NeuralStyle.Imaging;

/// <summary>A format that pictures are written in.</summary>
/// <param name="Name">For people.</param>
/// <param name="Extensions">Lower case, with the dot.</param>
/// <param name="Sixteen">Whether it holds 16 bits per channel.</param>
/// <param name="Alpha">Whether it holds an alpha channel.</param>
/// <param name="LargestSide">In pixels.</param>
public sealed record PictureFormat(string Name, IReadOnlyList<string> Extensions, bool Sixteen, bool Alpha, int LargestSide)
{
    /// <summary>All formats.</summary>
    public static IReadOnlyList<PictureFormat> All { get; } =
    [
        new("PNG", [".png"], Sixteen: true, Alpha: true, 1_000_000),
        new("JPEG", [".jpg", ".jpeg", ".jpe", ".jfif"], Sixteen: false, Alpha: false, 65_535),
        new("WebP", [".webp"], Sixteen: false, Alpha: true, 16_383),
        new("TIFF", [".tif", ".tiff"], Sixteen: true, Alpha: true, 10_000_000),
        new("AVIF", [".avif"], Sixteen: false, Alpha: true, 16_384),
    ];

    /// <summary>The format of a file name.</summary>
    /// <exception cref="InvalidInputException">The extension is none of those that are known.</exception>
    public static PictureFormat Of(string path)
    {
        var extension = Path.GetExtension(path).ToLowerInvariant();
        return All.FirstOrDefault(format => format.Extensions.Contains(extension))
            ?? throw new InvalidInputException($"'{path}' cannot be written: the extension '{extension}' is not known; expected "
                + $"{string.Join(", ", All.SelectMany(format => format.Extensions))}");
    }

    /// <summary>Fails when a picture cannot be written in this format.</summary>
    /// <exception cref="InvalidInputException">Too many pixels on a side, or too many bits.</exception>
    public void Check(string path, PixelSize size, int bitDepth)
    {
        if (bitDepth == 16 && !Sixteen)
            throw new InvalidInputException($"'{path}': {Name} has no 16 bits per channel; use .png or .tif, or PictureOutput.BitDepth 8");
        if (size.LongSide > LargestSide)
            throw new InvalidInputException(string.Create(CultureInfo.InvariantCulture,
                $"'{path}': {Name} holds at most {LargestSide} pixels on a side, the picture has {size}; use .tif or .png"));
    }
}
