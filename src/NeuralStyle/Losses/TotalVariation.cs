using static TorchSharp.torch;

namespace NeuralStyle.Losses;

/// <summary>Total variation: how much neighbouring pixels differ. Keeps speckle down.</summary>
internal static class TotalVariation
{
    private const long StripPixels = 1 << 18;

    /// <summary>
    /// The loss in use: squared differences over a nine-point stencil (axial pairs 2/3, diagonal pairs 1/6 each, which together
    /// measure |∇|² alike in all directions), summed over pairs and divided by the number of values.
    /// </summary>
    /// <param name="image">1×3×H×W in [0, 1].</param>
    /// <param name="wraps">Whether the picture continues at the opposite border, as a tile does; its pairs across the borders count
    /// too.</param>
    public static Tensor Squared(Tensor image, bool wraps = false) => (wraps ? WrappedSum(image) : SquaredSum(image)) / image.numel();

    /// <summary>
    /// Adds the gradient of the loss to that of other terms, strip by strip: differentiated as a whole it would take thirty times the
    /// picture's memory.
    /// </summary>
    /// <param name="image">1×3×H×W in [0, 1].</param>
    /// <param name="gradient">1×3×H×W; changed.</param>
    /// <param name="weight">Of the loss.</param>
    /// <param name="wraps">See <see cref="Squared"/>.</param>
    /// <returns>The loss, without its weight; owned by the caller.</returns>
    public static Tensor AddGradient(Tensor image, Tensor gradient, double weight, bool wraps = false)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var (height, value) = (image.shape[2], zeros([], ScalarType.Float64, image.device));
        var most = wraps ? height : Math.Max(1, StripPixels / image.shape[3]);
        for (var top = 0L; top < height; top += most)
        {
            using var step = NewDisposeScope();
            var rows = Math.Min(most, height - top);
            var hasNext = top + rows < height;
            var strip = image.narrow(2, top, rows + (hasNext ? 1 : 0)).detach().requires_grad_();
            Tensor sum, piece;
            using (enable_grad())
            {
                sum = (wraps ? WrappedSum(strip) : SquaredSum(strip, lastRowIsOfNext: hasNext)) / image.numel();
                piece = autograd.grad([sum], [strip])[0];
            }
            value.add_(sum.detach().to(ScalarType.Float64));
            gradient.narrow(2, top, piece.shape[2]).add_(piece, alpha: weight);
        }
        return value.to(image.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>The sum over pairs alone, so that it can be gathered in strips.</summary>
    /// <param name="image">1×3×H×W in [0, 1].</param>
    /// <param name="lastRowIsOfNext">Whether the last row is the first of the next strip, which counts the pairs within it.</param>
    public static Tensor SquaredSum(Tensor image, bool lastRowIsOfNext = false)
    {
        var (height, width) = (image.shape[2], image.shape[3]);
        var top = image.narrow(2, 0, height - 1);
        var bottom = image.narrow(2, 1, height - 1);
        var own = lastRowIsOfNext ? top : image;
        var axial = (bottom - top).square().sum() + (own.narrow(3, 1, width - 1) - own.narrow(3, 0, width - 1)).square().sum();
        var falling = (bottom.narrow(3, 1, width - 1) - top.narrow(3, 0, width - 1)).square().sum();
        var rising = (bottom.narrow(3, 0, width - 1) - top.narrow(3, 1, width - 1)).square().sum();
        return axial * (2.0 / 3) + (falling + rising) * (1.0 / 6);
    }

    private static Tensor WrappedSum(Tensor image)
    {
        var bottom = image.roll(-1, 2);
        var right = image.roll(-1, 3);
        var axial = (bottom - image).square().sum() + (right - image).square().sum();
        var diagonal = (bottom.roll(-1, 3) - image).square().sum() + (bottom - right).square().sum();
        return axial * (2.0 / 3) + diagonal * (1.0 / 6);
    }

    /// <summary>Σ|Δ| over horizontal and vertical pairs (anisotropic; Mahendran and Vedaldi 2015 with β = 1), for comparisons.</summary>
    /// <param name="image">1×3×H×W in [0, 1].</param>
    public static Tensor Absolute(Tensor image)
    {
        var (height, width) = (image.shape[2], image.shape[3]);
        return (image.narrow(2, 1, height - 1) - image.narrow(2, 0, height - 1)).abs().sum()
            + (image.narrow(3, 1, width - 1) - image.narrow(3, 0, width - 1)).abs().sum();
    }
}
