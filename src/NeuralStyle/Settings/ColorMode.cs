namespace NeuralStyle.Settings;

/// <summary>Where the colours of the result come from (Gatys et al. 2016, "Preserving Color in Neural Artistic Style Transfer").</summary>
public enum ColorMode
{
    /// <summary>From the style pictures.</summary>
    Style,

    /// <summary>
    /// From the content: the style pictures are given its colour distribution beforehand, channel by channel of a decorrelated space.
    /// </summary>
    Content,

    /// <summary>From the content, exactly: only lightness is transferred, hue and chroma stay those of each pixel of the content.</summary>
    Luminance,

    /// <summary>From the content: the style pictures are given its mean and covariance of colours beforehand, by a linear map.</summary>
    Match,
}
