using NetVips;

namespace NeuralStyle.Imaging;

/// <summary>What the channels of a stored picture mean.</summary>
/// <param name="Space">Grey (<c>Bw</c>), <c>Srgb</c>, <c>Cmyk</c> or <c>Lab</c> (as stored, in whole numbers); the depth is the
/// format's.</param>
/// <param name="Alpha">The alpha channel; null for none. Channels that are neither colour nor alpha are left out.</param>
internal sealed record PixelLayout(Enums.Interpretation Space, int? Alpha)
{
    /// <summary>Number of channels that are colour; they come first.</summary>
    public int Colours => Space switch { Enums.Interpretation.Bw => 1, Enums.Interpretation.Cmyk => 4, _ => 3 };

    /// <summary>The value of full colour, if the format does not define it; 0 if it does (8 and 16 bits, unsigned).</summary>
    public double White { get; init; }

    /// <summary>The value of full opacity, in the same way.</summary>
    public double Opaque { get; init; }

    /// <summary>Whether a and b of Lab are signed (CIELAB) or have their zero in the middle of the range (ICCLAB).</summary>
    public bool SignedLab { get; init; }

    /// <summary>Whether the file's orientation has no meaning; such a file is upright.</summary>
    public bool UnknownOrientation { get; init; }

    /// <summary>For every format but TIFF: as libvips says.</summary>
    /// <exception cref="InvalidInputException">The channels are not those of a picture.</exception>
    public static PixelLayout Of(Image image, string name)
    {
        var space = image.Interpretation switch
        {
            Enums.Interpretation.Cmyk => Enums.Interpretation.Cmyk,
            _ when image.Bands <= 2 => Enums.Interpretation.Bw,
            _ => Enums.Interpretation.Srgb,
        };
        var layout = new PixelLayout(space, null);
        if (image.Bands < layout.Colours) throw Unreadable(name, $"{image.Bands} channels for {layout.Colours} colours");
        return image.Bands > layout.Colours ? layout with { Alpha = layout.Colours } : layout;
    }

    /// <summary>For TIFF: as its tags say. libvips treats any channel after the colours as alpha.</summary>
    /// <param name="tags">The first directory.</param>
    /// <param name="bands">Number of channels that libvips gives.</param>
    /// <param name="name">The file, for messages.</param>
    /// <param name="limits">Bounds the number of channels.</param>
    /// <exception cref="InvalidInputException">Kinds of TIFF that cannot be painted.</exception>
    public static PixelLayout Of(TiffDirectory tags, int bands, string name, PictureLimits limits)
    {
        if (bands > limits.MostBands)
            throw new InvalidInputException($"'{name}' has {bands} channels by its header; expected at most {limits.MostBands}");
        if (TiffKinds.Unreadable(tags, bands) is { } what) throw Unreadable(name, what);
        var photometric = tags.Number(TiffDirectory.Photometric, 1);
        var space = photometric switch
        {
            0 or 1 => Enums.Interpretation.Bw,
            2 or 3 or 6 => Enums.Interpretation.Srgb, // palette and YCbCr are resolved by the decoder
            5 when tags.Number(TiffDirectory.InkSet, 1) == 1 => Enums.Interpretation.Cmyk,
            5 => throw Unreadable(name, "inks other than cyan, magenta, yellow and black"),
            8 or 9 => Enums.Interpretation.Lab,
            _ => throw Unreadable(name, $"colours of an unusual kind (photometric interpretation {photometric})"),
        };
        var layout = new PixelLayout(space, null)
        {
            SignedLab = photometric == 8,
            UnknownOrientation = tags.Number(TiffDirectory.Orientation, 1) is < 1 or > 8,
        };
        if (photometric == 3 || (photometric == 6 && bands == 1))
            layout = layout with { Space = bands < 3 ? Enums.Interpretation.Bw : Enums.Interpretation.Srgb };
        if (bands < layout.Colours) throw Unreadable(name, $"{bands} channel{(bands == 1 ? "" : "s")} for {layout.Colours} colours");
        var marked = Array.FindIndex(tags.Numbers(TiffDirectory.ExtraSamples), kind => kind is 1 or 2);
        return marked >= 0 && layout.Colours + marked < bands ? layout with { Alpha = layout.Colours + marked } : layout;
    }

    private static InvalidInputException Unreadable(string name, string what) =>
        new($"'{name}' holds {what}, which cannot be read; save it as RGB with 8 or 16 bits per channel");
}
