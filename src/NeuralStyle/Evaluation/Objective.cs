using NeuralStyle.Losses;
using NeuralStyle.Runtime;
using NeuralStyle.Vgg;
using static TorchSharp.torch;

namespace NeuralStyle.Evaluation;

/// <summary>One content term: <c>Weight · Factor · Σ(F−P)²</c> at a layer.</summary>
/// <param name="Layer">Where.</param>
/// <param name="Weight">Its weight in the total.</param>
/// <param name="Target">P, 1×C×h×w.</param>
/// <param name="Factor">See <see cref="ContentLoss.Factor"/>.</param>
internal sealed record ContentTerm(VggLayer Layer, double Weight, Tensor Target, double Factor);

/// <summary>One style term: <c>Weight · loss(statistics, Target)</c> at a layer, over the whole picture or a region.</summary>
/// <param name="Layer">Where.</param>
/// <param name="Weight">Its weight in the total.</param>
/// <param name="Target">Statistics of the style.</param>
/// <param name="Mask">How much each position of the layer counts; null counts each once.</param>
/// <param name="Region">Name of the region; null for the whole picture.</param>
/// <param name="Kind">The definition of the loss.</param>
internal sealed record StyleTerm(VggLayer Layer, double Weight, LayerStatistics Target, WeightedMask? Mask = null, string? Region = null,
    StyleLossKind Kind = StyleLossKind.RelativeW2);

/// <summary>The function that is minimised at one scale: terms with targets and weights. Owns targets that are not shared.</summary>
internal sealed record Objective : IDisposable
{
    /// <summary>Content terms with a weight other than 0, in order of depth.</summary>
    public IReadOnlyList<ContentTerm> Content { get; init; } = [];

    /// <summary>Style terms with a weight other than 0, in order of depth.</summary>
    public IReadOnlyList<StyleTerm> Style { get; init; } = [];

    /// <summary>Whether the style terms belong to others too, who free them.</summary>
    public bool SharesStyle { get; init; }

    /// <summary>Content terms about the similarity of places to each other, in order of depth.</summary>
    public IReadOnlyList<SimilarityTerm> Similarities { get; init; } = [];

    /// <summary>Style terms that pull positions to positions of the style, in order of depth.</summary>
    public IReadOnlyList<PullTerm> Pulls { get; init; } = [];

    /// <summary>Weight of <see cref="TotalVariation.Squared"/>; 0 leaves it out.</summary>
    public double TotalVariationWeight { get; init; }

    /// <summary>What keeps the photograph's lines; null for a weight of 0.</summary>
    public MattingLaplacian? Photorealism { get; init; }

    /// <summary>Its weight.</summary>
    public double PhotorealismWeight { get; init; }

    /// <summary>The layers that the terms need, in order of depth.</summary>
    public IReadOnlyCollection<VggLayer> Layers =>
        Content.Select(term => term.Layer).Concat(Style.Select(term => term.Layer))
            .Concat(Similarities.Select(term => term.Layer)).Concat(Pulls.Select(term => term.Layer)).Distinct().Order().ToArray();

    /// <summary>The terms in the order of <see cref="Evaluated.Raw"/>: content, style, self-similarity, nearest, and those of the
    /// picture itself: total variation, photorealism.</summary>
    public IReadOnlyList<TermInfo> Terms =>
    [
        .. Content.Select(term => new TermInfo(TermKind.Content, term.Layer, term.Weight)),
        .. Style.Select(term => new TermInfo(TermKind.Style, term.Layer, term.Weight, term.Region)),
        .. Similarities.Select(term => new TermInfo(TermKind.Content, term.Layer, term.Weight)),
        .. Pulls.Select(term => new TermInfo(TermKind.Nearest, term.Layer, term.Weight)),
        .. TotalVariationWeight != 0 ? [new TermInfo(TermKind.TotalVariation, null, TotalVariationWeight)] : Array.Empty<TermInfo>(),
        .. Photorealism is not null ? [new TermInfo(TermKind.Photorealism, null, PhotorealismWeight)] : Array.Empty<TermInfo>(),
    ];

    /// <summary>The losses that see the picture and not its activations: their raw values.</summary>
    /// <param name="image">1×3×H×W in [0, 1].</param>
    /// <param name="gradient">1×3×H×W; their gradient is added to it.</param>
    /// <param name="wraps">Whether the picture repeats, as a texture tile does.</param>
    public IEnumerable<Tensor> AddPictureTerms(Tensor image, Tensor gradient, bool wraps = false)
    {
        if (TotalVariationWeight != 0)
        {
            using var phase = RunProfile.Of("total variation");
            yield return TotalVariation.AddGradient(image, gradient, TotalVariationWeight, wraps);
        }
        if (Photorealism is { } laplacian)
        {
            using var phase = RunProfile.Of("photorealism");
            yield return laplacian.AddGradient(image, gradient, PhotorealismWeight);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var term in Content) term.Target.Dispose();
        foreach (var term in SharesStyle ? [] : Style)
        {
            term.Target.Dispose();
            term.Mask?.Dispose();
        }
        foreach (var term in Similarities) term.Dispose();
        foreach (var term in Pulls) term.Dispose();
        Photorealism?.Dispose();
    }
}
