using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Measures;

/// <summary>
/// How far the small patches of a picture, as a distribution, are from those of another: the sliced Wasserstein-2 distance (Rabin, Peyré,
/// Delon, Bernot 2011, "Wasserstein barycenter and its application to texture mixing") of 7×7 patches, over 256 random directions. It
/// knows no network, and nothing that nst optimises.
/// </summary>
internal static class PatchDistance
{
    private const int Side = 7, Directions = 256, DirectionsAtOnce = 32, Quantiles = 1024;
    private const double MostPatches = 65536;

    /// <summary>The distance.</summary>
    /// <param name="first">1×3×H×W, RGB in [0, 1].</param>
    /// <param name="second">1×3×h×w.</param>
    /// <returns>At least 0: the root mean square difference along a direction, in units of the range of pixels.</returns>
    public static double Of(Tensor first, Tensor second)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        using var generator = new Generator(1, CPU);
        var directions = randn([3 * Side * Side, Directions], ScalarType.Float64, generator: generator).to(first.dtype, first.device);
        directions = directions / directions.square().sum(0, keepdim: true).sqrt();
        return (Sorted(first, directions) - Sorted(second, directions)).square().mean().sqrt().ToDouble();
    }

    /// <summary>Quantiles along each direction, 1024×256; of large pictures patches at regular places.</summary>
    private static Tensor Sorted(Tensor picture, Tensor directions)
    {
        var step = Math.Max(1, (long)Math.Ceiling(Math.Sqrt(picture.shape[2] * picture.shape[3] / MostPatches)));
        using var patches = nn.functional.unfold(picture, (Side, Side), stride: (step, step)).squeeze(0).t(); // N×147
        var places = ((arange(Quantiles, ScalarType.Float64, picture.device) + 0.5) * ((double)patches.shape[0] / Quantiles))
            .floor().to(ScalarType.Int64);
        // a few directions at a time: all of them would take half a gigabyte
        var parts = directions.split(DirectionsAtOnce, 1).Select(some =>
        {
            using var scope = NewDisposeScope();
            var (values, _) = patches.mm(some).sort(0);
            return values.index_select(0, places).MoveToOuterDisposeScope();
        }).ToArray();
        return cat(parts, 1);
    }
}
