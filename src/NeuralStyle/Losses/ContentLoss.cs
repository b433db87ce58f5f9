using NeuralStyle.Runtime;
using static TorchSharp.torch;

namespace NeuralStyle.Losses;

/// <summary>The definitions of the content loss of one layer. F and P are the activations of the picture and of the content, C×M.</summary>
public enum ContentLossKind
{
    /// <summary>
    /// mean (F−P)² / mean S² with the activations S of the style at the same layer: of the same magnitude for every network and picture
    /// size, and in the same proportion to the relative style losses for every content.
    /// </summary>
    Relative,

    /// <summary>½·Σ(F−P)²: equation 1 of Gatys et al. 2016.</summary>
    Gatys,

    /// <summary>mean (F−P)².</summary>
    MeanSquare,

    /// <summary>
    /// Which places resemble each other should be as in the content, whatever they look like (Kolkin et al. 2019, equation 6).
    /// </summary>
    SelfSimilarity,
}

/// <summary>The content losses. Each is a factor times a sum over positions, so that it can be gathered in tiles.</summary>
internal static class ContentLoss
{
    /// <summary>The factor before Σ(F−P)².</summary>
    /// <param name="kind">Which definition.</param>
    /// <param name="elements">Number of activations in the layer, C·M.</param>
    /// <param name="styleSquare">mean S², for <see cref="ContentLossKind.Relative"/>.</param>
    public static double Factor(ContentLossKind kind, long elements, double styleSquare) => kind switch
    {
        ContentLossKind.Relative => 1 / (elements * Math.Max(styleSquare, 1e-12)),
        ContentLossKind.Gatys => 0.5,
        ContentLossKind.MeanSquare => 1.0 / elements,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>Σ(F−P)², the sum over every position and channel.</summary>
    /// <param name="features">1×C×h×w activations of the picture that is made; or 1×h×w×C, as the target.</param>
    /// <param name="target">1×C×h×w activations of the content.</param>
    public static Tensor SquaredDifference(Tensor features, Tensor target)
    {
        if (!features.requires_grad && DifferenceLoops.Take(features, target))
            return tensor((float)DifferenceLoops.Squares(features, target));
        return FixedSums.Sum((features - target).square());
    }

    /// <summary>Adds factor·(F−P) to a gradient: with a factor of 2, the derivative of <see cref="SquaredDifference"/>.</summary>
    /// <param name="gradient">Of the shape of the activations, contiguous; changed.</param>
    /// <param name="features">Activations of the picture that is made, without history.</param>
    /// <param name="target">Activations of the content.</param>
    /// <param name="factor">The factor.</param>
    public static void AddSlope(Tensor gradient, Tensor features, Tensor target, double factor)
    {
        if (DifferenceLoops.Take(features, target) && DifferenceLoops.Take(gradient, target))
        {
            DifferenceLoops.AddTo(gradient, features, target, factor);
            return;
        }
        using var difference = features - target;
        gradient.add_(difference, alpha: factor);
    }

    /// <summary>Adds that sum over a part of a layer to the sum of the other parts, by strips of rows.</summary>
    /// <param name="features">1×C×h×w activations of the generated picture, in any memory order.</param>
    /// <param name="target">1×C×h×w activations of the content.</param>
    /// <param name="sum">A scalar, float64.</param>
    internal static void AddSquaredDifference(Tensor features, Tensor target, Tensor sum)
    {
        foreach (var rows in RowStrips.Of(features))
        {
            using var scope = NewDisposeScope();
            sum.add_(SquaredDifference(rows.In(features), rows.In(target)).to(ScalarType.Float64));
        }
    }
}
