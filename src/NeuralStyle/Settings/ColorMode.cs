namespace NeuralStyle.Settings;

/// <summary>Where the colours of the result come from (Gatys et al. 2016, "Preserving Color in Neural Artistic Style Transfer").</summary>
public enum ColorMode
{
    /// <summary>From the style pictures.</summary>
    Style,

    /// <summary>
    /// From the content: before the run, the style pictures get its colour distribution, channel by channel in a decorrelated colour space.
    /// </summary>
    Content,

    /// <summary>From the content, exactly: only lightness is transferred; each pixel keeps the hue and chroma of the content.</summary>
    Luminance,

    /// <summary>From the content: before the run, a linear map gives the style pictures the mean and covariance of its colours.</summary>
    Match,
}
