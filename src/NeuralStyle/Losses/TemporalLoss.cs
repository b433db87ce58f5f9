using NeuralStyle.Runtime;
using static TorchSharp.torch;

namespace NeuralStyle.Losses;

/// <summary>
/// How much a frame of a film differs from the result before it, moved along the optical flow: equation 7 of Ruder, Dosovitskiy, Brox,
/// "Artistic style transfer for videos" (2016), 1/D · Σ c·(x − ω)² over the D values of the picture.
/// </summary>
internal static class TemporalLoss
{
    /// <summary>The loss.</summary>
    /// <param name="image">x, 1×3×H×W in [0, 1].</param>
    /// <param name="warped">ω, 1×3×H×W: the result before, warped.</param>
    /// <param name="seen">c, 1×1×H×W: 0 where the frame before does not show the pixel.</param>
    public static Tensor Of(Tensor image, Tensor warped, Tensor seen) =>
        FixedSums.Sum((image - warped).square().mul_(seen)) / image.numel();

    /// <summary>Adds its gradient to that of the other terms.</summary>
    /// <param name="image">x, 1×3×H×W in [0, 1].</param>
    /// <param name="warped">ω, 1×3×H×W.</param>
    /// <param name="seen">c, 1×1×H×W.</param>
    /// <param name="gradient">1×3×H×W; changed.</param>
    /// <param name="weight">Of the loss.</param>
    /// <returns>The loss, without its weight; owned by the caller.</returns>
    public static Tensor AddGradient(Tensor image, Tensor warped, Tensor seen, Tensor gradient, double weight)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var difference = image - warped;
        var pull = difference * seen;
        gradient.add_(pull, alpha: 2 * weight / image.numel());
        return (FixedSums.Sum(difference.mul_(pull)) / image.numel()).MoveToOuterDisposeScope();
    }
}
