using System.Globalization;

namespace NeuralStyle.Imaging;

/// <summary>
/// How much a picture file may claim to hold. A file of a hundred bytes can claim a thousand gigapixels: nothing is decoded before this is
/// checked.
/// </summary>
public sealed record PictureLimits
{
    private const double RowBytes = 1000, RowBytesPerBand = 900, Deeper = 1.5; // for each pixel of the width, as measured at 300,000

    /// <summary>Longest side in pixels.</summary>
    public int LargestSide { get; init; } = 300_000;

    /// <summary>Width times height.</summary>
    public long MostPixels { get; init; } = 1L << 30;

    /// <summary>Channels: colours, alpha and whatever else is stored. Photoshop's limit is 56.</summary>
    public int MostBands { get; init; } = 64;

    /// <summary>
    /// Bytes of memory for a picture that must be decoded whole: progressive JPEG, interlaced PNG, WebP, GIF, AVIF, HEIC and others.
    /// By default 2 GiB, or a quarter of the memory that this process may use (the limit of its container, if there is one).
    /// </summary>
    public long MostWholeBytes { get; init; } = Math.Min(2L << 30, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4);

    /// <summary>
    /// Bytes that the rows in work may take: rows are decoded whole, at some 4 kB for each pixel of the width of an RGB picture.
    /// </summary>
    public long MostRowBytes { get; init; } = 512L << 20;

    /// <summary>Bytes of a file that is read into memory because it cannot be read twice: a pipe, a FIFO, standard input.</summary>
    public long MostPipedBytes { get; init; } = 1L << 30;

    /// <summary>Checks what a header claims.</summary>
    /// <param name="name">The file, for messages.</param>
    /// <param name="size">Width and height.</param>
    /// <param name="bands">Number of channels.</param>
    /// <param name="wholeBytesPerPixel">What decoding keeps in memory for each pixel; 0 where rows are decoded one after the other.</param>
    /// <param name="deep">Whether channels have more than 8 bits.</param>
    /// <exception cref="InvalidInputException">The picture is too small, too large, or has too many channels.</exception>
    internal void Check(string name, PixelSize size, int bands, int wholeBytesPerPixel, bool deep = false)
    {
        if (size.ShortSide < Picture.SmallestSide)
            throw new InvalidInputException($"'{name}' is {size} pixels; expected at least {Picture.SmallestSide} on each side");
        if (size.LongSide > LargestSide)
            throw new InvalidInputException($"'{name}' is {size} pixels by its header; expected at most {LargestSide} on each side");
        if (size.Pixels > MostPixels)
            throw new InvalidInputException(
                $"'{name}' is {size} pixels by its header, {Mega(size.Pixels)} megapixels; expected at most {Mega(MostPixels)} megapixels");
        if (bands > MostBands)
            throw new InvalidInputException($"'{name}' has {bands} channels by its header; expected at most {MostBands}");
        var rows = (long)(size.Width * (RowBytes + RowBytesPerBand * Math.Min(bands, 5)) * (deep ? Deeper : 1));
        if (rows > MostRowBytes)
            throw new InvalidInputException($"'{name}' is {size} pixels by its header, and rows so wide take {Giga(rows)} GiB; expected at "
                + $"most {Giga(MostRowBytes)} GiB; give a narrower picture, or turn it on its side");
        if (size.Pixels * wholeBytesPerPixel > MostWholeBytes)
            throw new InvalidInputException($"'{name}' is {size} pixels by its header, in a format that must be decoded as a whole, which "
                + $"takes {Giga(size.Pixels * wholeBytesPerPixel)} GiB; expected at most {Giga(MostWholeBytes)} GiB; save it as a plain "
                + $"TIFF, PNG or baseline JPEG, or smaller");
    }

    private static string Mega(long pixels) => (pixels / 1e6).ToString("0.#", CultureInfo.InvariantCulture);

    private static string Giga(long bytes) => (bytes / (double)(1 << 30)).ToString("0.##", CultureInfo.InvariantCulture);
}
