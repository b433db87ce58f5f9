using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Measures;

/// <summary>
/// SSIM of two pictures: Wang, Bovik, Sheikh, Simoncelli 2004, "Image quality assessment: from error visibility to structural
/// similarity", equation 13, with its 11×11 Gaussian window of deviation 1.5, K₁ = 0.01 and K₂ = 0.03. It knows no network.
/// </summary>
internal static class StructuralSimilarity
{
    private const int Window = 11;
    private const double Deviation = 1.5, C1 = 0.01 * 0.01, C2 = 0.03 * 0.03;

    /// <summary>The mean over all places where the window fits, of the luma of Rec. 709.</summary>
    /// <param name="first">1×3×H×W, RGB in [0, 1], at least 11 pixels on each side.</param>
    /// <param name="second">The same size.</param>
    /// <returns>At most 1, which is for equal pictures.</returns>
    public static double Of(Tensor first, Tensor second)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var (x, y) = (Luma(first), Luma(second));
        var steps = arange(Window, x.dtype, x.device) - Window / 2;
        var line = (-steps.square() / (2 * Deviation * Deviation)).exp();
        line.div_(line.sum());
        Tensor Mean(Tensor of) => nn.functional.conv2d(nn.functional.conv2d(of, line.view(1, 1, 1, -1)), line.view(1, 1, -1, 1));
        var (mx, my) = (Mean(x), Mean(y));
        var (vx, vy, cov) = (Mean(x * x) - mx * mx, Mean(y * y) - my * my, Mean(x * y) - mx * my);
        return ((2 * mx * my + C1) * (2 * cov + C2) / ((mx * mx + my * my + C1) * (vx + vy + C2))).mean().ToDouble();
    }

    private static Tensor Luma(Tensor picture) =>
        picture.narrow(1, 0, 1) * 0.2126 + picture.narrow(1, 1, 1) * 0.7152 + picture.narrow(1, 2, 1) * 0.0722;
}
