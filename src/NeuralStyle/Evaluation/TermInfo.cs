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
}

/// <summary>The meaning of one number of an evaluation.</summary>
/// <param name="Kind">Content, style or total variation.</param>
/// <param name="Layer">The layer; null for total variation.</param>
/// <param name="Weight">Its weight in the total.</param>
/// <param name="Region">The name of the mask's region of a style term; null for the whole picture.</param>
public sealed record TermInfo(TermKind Kind, VggLayer? Layer, double Weight, string? Region = null)
{
    /// <summary>The name in logs.</summary>
    public string Name => Kind switch
    {
        TermKind.Content => $"content {Layer}",
        TermKind.Style => Region is null ? $"style {Layer}" : $"style {Layer} {Region}",
        _ => "tv",
    };
}
