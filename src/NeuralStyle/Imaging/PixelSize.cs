using System.Globalization;

namespace NeuralStyle.Imaging;

/// <summary>Width and height of a picture in pixels.</summary>
public readonly record struct PixelSize(int Width, int Height)
{
    /// <summary>The longer side in pixels.</summary>
    public int LongSide => Math.Max(Width, Height);

    /// <summary>The shorter side in pixels.</summary>
    public int ShortSide => Math.Min(Width, Height);

    /// <summary>Width times height.</summary>
    public long Pixels => (long)Width * Height;

    /// <summary>The size of the same proportions whose long side is <paramref name="longSide"/>; no side falls below 1.</summary>
    public PixelSize WithLongSide(int longSide)
    {
        var scale = (double)longSide / LongSide;
        return new PixelSize(Math.Max(1, (int)Math.Round(Width * scale)), Math.Max(1, (int)Math.Round(Height * scale)));
    }

    /// <summary>
    /// The size of the same proportions with a long side of at most <paramref name="longSide"/>, not enlarged, but with no side below
    /// <paramref name="shortSide"/>.
    /// </summary>
    internal PixelSize Fit(int longSide, int shortSide)
    {
        var size = WithLongSide(Math.Min(longSide, LongSide));
        if (size.ShortSide >= shortSide) return size;
        var scale = (double)shortSide / ShortSide;
        return new PixelSize(Math.Max(shortSide, (int)Math.Round(Width * scale)), Math.Max(shortSide, (int)Math.Round(Height * scale)));
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Width}x{Height}");
}
