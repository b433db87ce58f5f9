using System.Globalization;

namespace NeuralStyle.Settings;

/// <summary>Kinds of pictures to start from.</summary>
public enum StartKind
{
    /// <summary>The content picture, with noise according to <see cref="StyleSettings.Strength"/>: none up to 0.5.</summary>
    Auto,

    /// <summary>The content picture.</summary>
    Content,

    /// <summary>Random colours.</summary>
    Noise,

    /// <summary>The first style picture, stretched to the size of the result.</summary>
    Style,

    /// <summary>The content picture mixed with noise.</summary>
    Blend,

    /// <summary>A picture file.</summary>
    File,
}

/// <summary>What the first scale starts from.</summary>
/// <param name="Kind">Which kind.</param>
/// <param name="Noise">Share of noise in a blend, 0 to 1.</param>
/// <param name="Path">The picture file.</param>
public sealed record StartImage(StartKind Kind, double Noise = 0, string? Path = null)
{
    /// <summary>Leave the start to <see cref="StyleSettings.Strength"/>.</summary>
    public static StartImage Auto { get; } = new(StartKind.Auto);

    /// <summary>Start from the content picture.</summary>
    public static StartImage Content { get; } = new(StartKind.Content);

    /// <summary>Reads <c>auto</c>, <c>content</c>, <c>noise</c>, <c>style</c>, <c>blend:0.3</c> or the path of a picture.</summary>
    /// <exception cref="InvalidInputException">A blend has no share from 0 to 1.</exception>
    public static StartImage Parse(string text)
    {
        switch (text)
        {
            case "auto": return Auto;
            case "content": return Content;
            case "noise": return new StartImage(StartKind.Noise, 1);
            case "style": return new StartImage(StartKind.Style);
        }
        if (text.Length == 0 || text.Contains('\0', StringComparison.Ordinal))
            throw new InvalidInputException("StyleSettings.Start is empty or no name; expected auto, content, noise, style or a file");
        if (!text.StartsWith("blend:", StringComparison.Ordinal)) return new StartImage(StartKind.File, Path: text);
        return double.TryParse(text.AsSpan(6), NumberStyles.Float, CultureInfo.InvariantCulture, out var noise) && noise is >= 0 and <= 1
            ? new StartImage(StartKind.Blend, noise)
            : throw new InvalidInputException(
                $"StyleSettings.Start '{text}': expected a share of noise from 0 to 1, for instance blend:0.3");
    }

    /// <summary>
    /// The share of the content that noise replaces, 0 to 1; 1 if the start does not use the content.
    /// </summary>
    /// <param name="strength">The strength of the settings, 0 to 1.</param>
    public double NoiseOverContent(double strength) => Kind switch
    {
        StartKind.Auto => StrengthCurve.StartNoise(strength),
        StartKind.Content => 0,
        StartKind.Blend => Noise,
        _ => 1,
    };

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        StartKind.Auto => "auto",
        StartKind.Content => "content",
        StartKind.Noise => "noise",
        StartKind.Style => "style",
        StartKind.Blend => string.Create(CultureInfo.InvariantCulture, $"blend:{Noise}"),
        _ => Path ?? "",
    };
}
