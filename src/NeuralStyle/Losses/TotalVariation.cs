using NeuralStyle.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Losses;

/// <summary>Total variation: how much neighbouring pixels differ. Reduces speckle.</summary>
internal static class TotalVariation
{
    /// <summary>Share of the pairs side by side or one above the other.</summary>
    internal const double Axial = 2.0 / 3;

    /// <summary>Share of the diagonal pairs.</summary>
    internal const double Diagonal = 1.0 / 6;

    private const long StripPixels = 1 << 18;
    private const long LargeStripPixels = (1 << 24) / 3; // of accelerators, where each kernel costs its start

    /// <summary>The neighbours that a pixel forms pairs with, and the weights of the pairs.</summary>
    private static readonly (int Down, int Right, double Share)[] Neighbours =
        [(1, 0, Axial), (0, 1, Axial), (1, 1, Diagonal), (1, -1, Diagonal)];

    /// <summary>
    /// The loss in use: squared differences over a nine-point stencil (axial pairs 2/3, diagonal pairs 1/6 each, which together
    /// measure |∇|² equally in all directions), summed over pairs and divided by the number of values.
    /// </summary>
    /// <param name="image">1×3×H×W in [0, 1].</param>
    public static Tensor Squared(Tensor image) => Neighbours
        .Select(pair => (Pixels: Pairs(image, 0, image.shape[2], pair.Down, pair.Right), pair.Share))
        .Select(pair => FixedSums.Sum((pair.Pixels.Second - pair.Pixels.First).square()) * pair.Share)
        .Aggregate((sum, share) => sum + share) / image.numel();

    /// <summary>
    /// Adds the gradient of the loss to that of the other terms, strip by strip: automatic differentiation of the whole would take thirty
    /// times the picture's memory. Each pair of pixels pulls both towards each other.
    /// </summary>
    /// <param name="image">1×3×H×W in [0, 1].</param>
    /// <param name="gradient">1×3×H×W; changed.</param>
    /// <param name="weight">Of the loss.</param>
    /// <param name="wraps">Whether the picture repeats, as a texture tile does; pairs across opposite borders then count too.</param>
    /// <returns>The loss, without its weight; owned by the caller.</returns>
    public static Tensor AddGradient(Tensor image, Tensor gradient, double weight, bool wraps = false)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var (height, count) = (image.shape[2], image.numel());
        if (!wraps && VariationLoops.Take(image, gradient))
        {
            var sum = VariationLoops.AddGradient(image, gradient, weight / count);
            return tensor(sum / count, image.dtype).MoveToOuterDisposeScope();
        }
        var value = zeros([], ScalarType.Float64, image.device);
        var strip = image.device_type == DeviceType.CPU ? StripPixels : LargeStripPixels;
        var most = wraps ? height : Math.Max(1, strip / image.shape[3]);
        for (var top = 0L; top < height; top += most)
        {
            foreach (var (down, right, share) in Neighbours)
            {
                using var step = NewDisposeScope();
                var factor = 2 * share * weight / count;
                if (wraps)
                {
                    var across = image.roll([-down, -right], [2, 3]).sub_(image);
                    Count(across, share);
                    gradient.add_(across, alpha: -factor).add_(across.roll([down, right], [2, 3]), alpha: factor);
                    continue;
                }
                var rows = Math.Min(most, height - top);
                var (firsts, seconds) = Pairs(image, top, rows, down, right);
                if (firsts.numel() == 0) continue;
                var difference = seconds - firsts;
                Count(difference, share);
                var (of, with) = Pairs(gradient, top, rows, down, right);
                of.add_(difference, alpha: -factor);
                with.add_(difference, alpha: factor);
            }
        }
        return value.to(image.dtype).MoveToOuterDisposeScope();

        void Count(Tensor difference, double share) =>
            value.add_(FixedSums.Sum(difference.square()).to(ScalarType.Float64), alpha: share / count);
    }

    /// <summary>Views of the pixels of a strip that have such a neighbour, and of these neighbours.</summary>
    private static (Tensor First, Tensor Second) Pairs(Tensor image, long top, long rows, int down, int right)
    {
        var (height, columns) = (Math.Min(rows, image.shape[2] - top - down), image.shape[3] - Math.Abs(right));
        height = Math.Max(0, height);
        return (image.narrow(2, top, height).narrow(3, right < 0 ? 1 : 0, columns),
            image.narrow(2, Math.Min(top + down, image.shape[2]), height).narrow(3, right > 0 ? 1 : 0, columns));
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
