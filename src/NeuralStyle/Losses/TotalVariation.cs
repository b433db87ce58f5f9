using static TorchSharp.torch;

namespace NeuralStyle.Losses;

/// <summary>Total variation: how much neighbouring pixels differ. Reduces speckle.</summary>
internal static class TotalVariation
{
    private const long StripPixels = 1 << 18;

    /// <summary>The neighbours that a pixel forms pairs with, and the weights of the pairs.</summary>
    private static readonly (int Down, int Right, double Share)[] Neighbours =
        [(1, 0, 2.0 / 3), (0, 1, 2.0 / 3), (1, 1, 1.0 / 6), (1, -1, 1.0 / 6)];

    /// <summary>
    /// The loss in use: squared differences over a nine-point stencil (axial pairs 2/3, diagonal pairs 1/6 each, which together
    /// measure |∇|² equally in all directions), summed over pairs and divided by the number of values.
    /// </summary>
    /// <param name="image">1×3×H×W in [0, 1].</param>
    /// <param name="wraps">Whether the picture repeats, as a texture tile does; pairs across opposite borders then count
    /// too.</param>
    public static Tensor Squared(Tensor image, bool wraps = false) => (wraps ? WrappedSum(image) : SquaredSum(image)) / image.numel();

    /// <summary>
    /// Adds the gradient of the loss to that of the other terms, strip by strip: automatic differentiation of the whole would take thirty
    /// times the picture's memory. Each pair of pixels pulls both towards each other.
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
        var (height, count, value) = (image.shape[2], image.numel(), zeros([], ScalarType.Float64, image.device));
        if (wraps) return AddWrapped(image, gradient, weight).MoveToOuterDisposeScope();
        var most = Math.Max(1, StripPixels / image.shape[3]);
        for (var top = 0L; top < height; top += most)
        {
            using var step = NewDisposeScope();
            var rows = Math.Min(most, height - top);
            foreach (var (down, right, share) in Neighbours)
            {
                var (firsts, seconds) = Pairs(image, top, rows, down, right);
                if (firsts.numel() == 0) continue;
                var difference = seconds - firsts;
                value.add_(difference.square().sum().to(ScalarType.Float64), alpha: share / count);
                var (of, with) = Pairs(gradient, top, rows, down, right);
                of.add_(difference, alpha: -2 * share * weight / count);
                with.add_(difference, alpha: 2 * share * weight / count);
            }
        }
        return value.to(image.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>Views of the pixels of a strip that have such a neighbour, and of these neighbours.</summary>
    private static (Tensor First, Tensor Second) Pairs(Tensor image, long top, long rows, int down, int right)
    {
        var (height, columns) = (Math.Min(rows, image.shape[2] - top - down), image.shape[3] - Math.Abs(right));
        height = Math.Max(0, height);
        return (image.narrow(2, top, height).narrow(3, right < 0 ? 1 : 0, columns),
            image.narrow(2, Math.Min(top + down, image.shape[2]), height).narrow(3, right > 0 ? 1 : 0, columns));
    }

    private static Tensor AddWrapped(Tensor image, Tensor gradient, double weight)
    {
        var picture = image.detach().requires_grad_();
        using var _ = enable_grad();
        var sum = WrappedSum(picture) / image.numel();
        gradient.detach().add_(autograd.grad([sum], [picture])[0], alpha: weight);
        return sum.detach();
    }

    private static Tensor SquaredSum(Tensor image)
    {
        var (height, width) = (image.shape[2], image.shape[3]);
        var top = image.narrow(2, 0, height - 1);
        var bottom = image.narrow(2, 1, height - 1);
        var axial = (bottom - top).square().sum() + (image.narrow(3, 1, width - 1) - image.narrow(3, 0, width - 1)).square().sum();
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
