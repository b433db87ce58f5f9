using NeuralStyle.Runtime;
using static TorchSharp.torch;

namespace NeuralStyle.Losses;

/// <summary>
/// The definitions of the style loss of one layer. G and A are the second moments F·Fᵀ/M of the picture and of the style, C×C.
/// </summary>
public enum StyleLossKind
{
    /// <summary>Relative squared difference, Σ(G−A)² / ΣA²: of the same magnitude for every network, layer and picture size.</summary>
    Gram,

    /// <summary>Σ(G−A)² / 4C²: equation 4 of Gatys et al. 2016 (there 1/(4N²M²)·Σ(M·G−M·A)² with N = C).</summary>
    Gatys,

    /// <summary>√(mean (G−A)²), the root mean square difference that tutorials describe.</summary>
    Rms,

    /// <summary>
    /// (Σ(μ−μₐ)² + Σ(σ−σₐ)²) / Σ(μₐ² + σₐ²) with the mean and standard deviation of each channel (Li et al. 2017, "Demystifying
    /// Neural Style Transfer"; Huang and Belongie 2017): looser than Gram, because it ignores correlations between channels.
    /// </summary>
    Moments,

    /// <summary>
    /// Squared Wasserstein-2 distance between Gaussians of the activations, per channel (Crowson, style-transfer-pytorch).
    /// </summary>
    W2,

    /// <summary>
    /// The same between activations divided by the root mean square of the style's: of the same magnitude for every network and layer.
    /// </summary>
    RelativeW2,

    /// <summary>
    /// Every position is pulled to the most similar position of the style, 1 − cos between centred activations (Kolkin et al. 2022,
    /// "Neural Neighbor Style Transfer").
    /// </summary>
    Nearest,

    /// <summary>
    /// Relaxed earth mover's distance (Kolkin, Salavon, Shakhnarovich 2019, "Style Transfer by Relaxed Optimal Transport and
    /// Self-Similarity", equation 3): <see cref="Nearest"/>, and every position of the style also pulls the most similar position of the
    /// picture. Departures: the mean of both directions, not the larger one; all positions, not 1024 drawn at each step.
    /// </summary>
    Remd,
}

/// <summary>The style losses: pure functions of the statistics of two layers, differentiable in the first.</summary>
internal static class StyleLoss
{
    private const double Tiny = 1e-12;

    /// <summary>The loss of one layer.</summary>
    /// <param name="kind">Which definition.</param>
    /// <param name="generated">Statistics of the picture that is made.</param>
    /// <param name="target">Statistics of the style.</param>
    /// <returns>A scalar, at least 0.</returns>
    public static Tensor Of(StyleLossKind kind, LayerStatistics generated, LayerStatistics target)
    {
        var channels = (double)target.Mean.shape[0];
        Tensor Difference() => generated.SecondMoment - target.SecondMoment;
        return kind switch
        {
            StyleLossKind.Gram => Square(Difference()) / Square(target.SecondMoment).clamp_min(Tiny),
            StyleLossKind.Gatys => Square(Difference()) / (4 * channels * channels),
            // The root has no derivative at 0: the tiny addend keeps the gradient finite there and changes nothing elsewhere.
            StyleLossKind.Rms => (Square(Difference()) / (channels * channels) + Tiny).sqrt(),
            StyleLossKind.Moments => Moments(generated, target),
            StyleLossKind.W2 => Wasserstein.Squared(generated, target),
            StyleLossKind.RelativeW2 => Wasserstein.Relative(generated, target),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
    }

    /// <summary>Whether a definition compares positions that a search has paired, not statistics of a layer.</summary>
    internal static bool IsMatching(StyleLossKind kind) => kind is StyleLossKind.Nearest or StyleLossKind.Remd;

    /// <summary>Whether a definition uses the means of the channels besides the second moments.</summary>
    internal static bool UsesMeans(StyleLossKind kind) => kind is not (StyleLossKind.Gram or StyleLossKind.Gatys or StyleLossKind.Rms);

    private static Tensor Square(Tensor values) => FixedSums.Sum(values.square());

    private static Tensor Moments(LayerStatistics generated, LayerStatistics target) =>
        ((generated.Mean - target.Mean).square().sum() + (Deviation(generated) - Deviation(target)).square().sum())
        / target.SecondMoment.diagonal().sum().clamp_min(Tiny);

    private static Tensor Deviation(LayerStatistics statistics) =>
        ((statistics.SecondMoment.diagonal() - statistics.Mean.square()).clamp_min(0) + Tiny).sqrt();
}
