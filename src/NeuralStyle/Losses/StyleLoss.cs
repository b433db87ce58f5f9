using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Losses;

/// <summary>The definitions of the style loss of one layer. G and A are the second moments F·Fᵀ/M of the picture and of the style, C×C.</summary>
public enum StyleLossKind
{
    /// <summary>Relative squared difference, Σ(G−A)² / ΣA²: the same size for every network, layer and picture size.</summary>
    Gram,

    /// <summary>Σ(G−A)² / 4C²: equation 4 of Gatys et al. 2016 (there 1/(4N²M²)·Σ(M·G−M·A)² with N = C).</summary>
    Gatys,

    /// <summary>√(mean (G−A)²), the root mean square difference that tutorials describe.</summary>
    Rms,
}

/// <summary>The style losses: pure functions of the statistics of two layers, differentiable in the first.</summary>
public static class StyleLoss
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
        var difference = generated.SecondMoment - target.SecondMoment;
        return kind switch
        {
            StyleLossKind.Gram => difference.square().sum() / target.SecondMoment.square().sum().clamp_min(Tiny),
            StyleLossKind.Gatys => difference.square().sum() / (4 * channels * channels),
            // The root has no slope at 0: the tiny addend keeps the gradient finite there and changes nothing elsewhere.
            StyleLossKind.Rms => (difference.square().mean() + Tiny).sqrt(),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
    }
}
