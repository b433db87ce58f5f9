using NeuralStyle.Vgg;

namespace NeuralStyle.Evaluation;

/// <summary>The kinds of terms in a total loss.</summary>
public enum TermKind
{
    /// <summary>Content loss at a layer.</summary>
    Content,

    /// <summary>Style loss at a layer.</summary>
    Style,

    /// <summary>Total variation of the picture.</summary>
    TotalVariation,

    /// <summary>Difference of a film's frame to the result before it, moved along the optical flow.</summary>
    Temporal,

    /// <summary>Distance of a layer's positions to those of the style that they were paired with.</summary>
    Nearest,

    /// <summary>Distance to pictures whose colours are nearby an affine function of the photograph's.</summary>
    Photorealism,
}

/// <summary>The meaning of one number of an evaluation.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Layer">The layer; null for losses without one.</param>
/// <param name="Weight">Its weight in the total.</param>
/// <param name="Region">The name of the mask's region of a style term; null for the whole picture.</param>
public sealed record TermInfo(TermKind Kind, VggLayer? Layer, double Weight, string? Region = null)
{
    /// <summary>The name in logs.</summary>
    public string Name => Kind switch
    {
        TermKind.Content => $"content {Layer}",
        TermKind.Style => Region is null ? $"style {Layer}" : $"style {Layer} {Region}",
        TermKind.Temporal => "temporal",
        TermKind.Nearest => $"nearest {Layer}",
        TermKind.Photorealism => "photorealism",
        _ => "tv",
    };
}
