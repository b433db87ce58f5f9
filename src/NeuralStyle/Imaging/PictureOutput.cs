using System.Text.Json.Serialization;

namespace NeuralStyle.Imaging;

/// <summary>
/// How a picture is written. Every default is here, once. Bit depth, quality and resolution are also in the records of runs; settings that
/// depend on the original are not.
/// </summary>
public sealed record PictureOutput
{
    /// <summary>Pixels per inch if neither <see cref="Dpi"/> nor the original gives them: what printers expect.</summary>
    public const double UsualDpi = 300;

    /// <summary>Bits per channel: 8 or 16.</summary>
    public int BitDepth { get; init; } = 8;

    /// <summary>Quality of JPEG, WebP and AVIF, 1 to 100.</summary>
    public int Quality { get; init; } = 95;

    /// <summary>
    /// The picture that this one was made from; null for none. Its transparency is restored (on white if the format has none), and
    /// its resolution, artist and copyright are kept.
    /// </summary>
    [JsonIgnore]
    public Picture? Original { get; init; }

    /// <summary>Pixels per inch; null takes the original's, else <see cref="UsualDpi"/>.</summary>
    public double? Dpi { get; init; }

    /// <summary>Whether artist and copyright of the original are kept.</summary>
    [JsonIgnore]
    public bool KeepAuthorship { get; init; } = true;

    /// <summary>
    /// Whether a file that is there when the picture is done stays, even one that has just appeared; the picture then gets a free name
    /// beside it.
    /// </summary>
    [JsonIgnore]
    public bool KeepEarlier { get; init; }

    /// <summary>How the picture was made, as JSON; null leaves it out.</summary>
    [JsonIgnore]
    public string? Metadata { get; init; }

    /// <summary>Fails unless depth, quality and resolution can be written in some format.</summary>
    /// <exception cref="InvalidInputException">One is out of its range.</exception>
    internal void Validate()
    {
        if (BitDepth is not (8 or 16)) throw new InvalidInputException($"PictureOutput.BitDepth is {BitDepth}; expected 8 or 16");
        if (Quality is < 1 or > 100) throw new InvalidInputException($"PictureOutput.Quality is {Quality}; expected 1 to 100");
        if (Dpi is { } dpi) PictureWriter.CheckDpi(dpi);
    }

    /// <summary>Pixels per inch that are written.</summary>
    [JsonIgnore]
    internal double DpiInForce => Dpi ?? Original?.Dpi ?? UsualDpi;
}
