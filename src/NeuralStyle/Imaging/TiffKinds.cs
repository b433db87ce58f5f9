namespace NeuralStyle.Imaging;

/// <summary>
/// Kinds of TIFF that are refused by name. libvips refuses most of them too, but as if the file were damaged.
/// </summary>
internal static class TiffKinds
{
    private const int Tiled = 322, Planar = 284, Compression = 259, LargestKnown = 8;

    /// <summary>What a file holds that cannot be read; null if nothing is known against it.</summary>
    /// <param name="tags">The first directory.</param>
    /// <param name="bands">Number of channels.</param>
    public static string? Unreadable(TiffDirectory tags, int bands)
    {
        if (tags.Has(TiffDirectory.DngVersion)) return "camera raw data (DNG)";
        var photometric = tags.Number(TiffDirectory.Photometric, 1);
        if (photometric is 32803 or 34892) return "camera raw data";
        long[] bits = tags.Numbers(TiffDirectory.BitsPerSample) is { Length: > 0 } all ? all : [1];
        if (bits.Any(other => other != bits[0])) return $"channels of different depth ({string.Join(", ", bits.Take(8))} bits)";
        if (photometric is 8 or 9 && bits[0] is not (8 or 16)) return $"CIELAB with {bits[0]} bits per channel";
        if (!(bits[0] is 8 or 16 or 32 || (bits[0] is 1 or 2 or 4 && bands == 1)))
            return $"{bits[0]} bit{(bits[0] == 1 ? "" : "s")} per channel{(bands > 1 ? $" in {bands} channels" : "")}";
        if (tags.Number(TiffDirectory.SampleFormat, 1) is 5 or 6) return "complex numbers";
        if (bands > 1 && tags.Has(Tiled) && tags.Number(Planar, 1) == 2) return "tiles with a plane for each channel";
        return tags.Number(Compression, 1) switch
        {
            34661 => "JBIG compression",
            34712 or 33003 or 33004 or 33005 => "JPEG 2000 compression",
            34887 => "LERC compression",
            34925 => "LZMA compression",
            50000 => "Zstandard compression",
            50002 or 52546 => "JPEG XL compression",
            // fax, LZW, old and new JPEG, Deflate, Packbits, Deflate by another number, WebP, fax without end-of-line codes
            <= LargestKnown or 32773 or 32946 or 50001 or 32771 => null,
            var other => $"compression of an unusual kind ({other})",
        };
    }
}
