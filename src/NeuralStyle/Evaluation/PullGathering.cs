using NeuralStyle.Losses;
using NeuralStyle.Vgg;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Evaluation;

/// <summary>Losses and gradients of <see cref="PullTerm"/>s on activations of a layer, or of the part of a tile.</summary>
internal static class PullGathering
{
    /// <summary>The loss of a whole layer, differentiable.</summary>
    /// <param name="term">With its targets.</param>
    /// <param name="features">1×C×h×w.</param>
    /// <returns>A scalar before weighting.</returns>
    public static Tensor Of(PullTerm term, Tensor features)
    {
        var targets = term.Targets;
        var (rows, weights) = targets.At(whole => whole);
        return CosinePull.Of(Positions(features, Factor(term)), rows, targets.Centre, weights);
    }

    /// <summary>The loss of a part of a layer, and its slope.</summary>
    /// <param name="term">With its targets.</param>
    /// <param name="features">1×C×h×w, in any memory order.</param>
    /// <param name="part">Takes the part from a tensor of the size of the targets' grid.</param>
    /// <returns>The share of the part in the loss before weighting, a scalar, and the derivative of the weighted one with respect to the
    /// positions of the grid, 1×C×g×g'; in the caller's dispose scope.</returns>
    public static (Tensor Loss, Tensor Slope) WithSlope(PullTerm term, Tensor features, Func<Tensor, Tensor> part)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var targets = term.Targets;
        var (rows, weights) = targets.At(part);
        var factor = Factor(term);
        var (loss, slope) = CosinePull.WithSlope(Positions(features, factor), rows, targets.Centre, weights);
        return (loss.MoveToOuterDisposeScope(),
            slope.mul_(term.Weight).view(1, features.shape[2] / factor, features.shape[3] / factor, -1).permute(0, 3, 1, 2)
                .MoveToOuterDisposeScope());
    }

    /// <summary>Adds such a slope to the gradient of the activations.</summary>
    /// <param name="term">With its targets.</param>
    /// <param name="slope">1×C×g×g'.</param>
    /// <param name="gradient">1×C×h×w, in any memory order.</param>
    public static void AddSlope(PullTerm term, Tensor slope, Tensor gradient)
    {
        using var scope = NewDisposeScope();
        var factor = Factor(term);
        if (factor == 1)
        {
            gradient.add_(slope);
            return;
        }
        var (height, width) = (slope.shape[2], slope.shape[3]);
        var squares = gradient.narrow(2, 0, height * factor).narrow(3, 0, width * factor).permute(0, 2, 3, 1)
            .unflatten(2, [width, factor]).unflatten(1, [height, factor]); // 1×g×k×g'×k×C
        squares.add_(slope.permute(0, 2, 3, 1).unsqueeze(2).unsqueeze(4), alpha: 1.0 / (factor * factor));
    }

    /// <summary>How many positions of the layer, on each side, share one of the grid.</summary>
    private static int Factor(PullTerm term) => term.Targets.Grid.Stride / term.Layer.Stride;

    /// <summary>M×C, averaged over squares.</summary>
    private static Tensor Positions(Tensor features, int factor)
    {
        var pooled = factor == 1 ? features : nn.functional.avg_pool2d(features, factor, factor);
        return pooled.permute(0, 2, 3, 1).reshape(-1, features.shape[1]);
    }
}
