using NeuralStyle.Losses;
using NeuralStyle.Vgg;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Evaluation;

/// <summary>Losses and gradients of <see cref="PullTerm"/>s on activations of a layer, or of the part of a tile.</summary>
internal static class PullGathering
{
    /// <summary>The loss of a layer or of a part of it, differentiable.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="targets">Its targets.</param>
    /// <param name="features">1×C×h×w, in any memory order.</param>
    /// <param name="part">Takes the part from a tensor of the size of the targets' grid; null for all of it.</param>
    /// <returns>The share of the part in the loss before weighting, a scalar.</returns>
    public static Tensor Of(VggLayer layer, PullTargets targets, Tensor features, Func<Tensor, Tensor>? part = null)
    {
        var (rows, weights) = targets.At(part ?? (whole => whole));
        return CosinePull.Of(Positions.Of(features, Factor(layer, targets)), rows, targets.Centre, weights);
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
        var factor = Factor(term.Layer, term.Targets);
        var (loss, slope) = CosinePull.WithSlope(Positions.Of(features, factor), rows, targets.Centre, weights);
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
        var factor = Factor(term.Layer, term.Targets);
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
    private static int Factor(VggLayer layer, PullTargets targets) => targets.Grid.Stride / layer.Stride;
}
