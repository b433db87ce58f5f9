using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Imaging;

/// <summary>
/// Gives transparent pixels the colours of the visible pixels around them: the colours that a file hides there are seldom intended, and
/// black or white would be an edge for the network. Pull and push over a pyramid (Gortler et al. 1996, "The Lumigraph", section 3.4).
/// </summary>
internal static class HiddenColours
{
    private const double Seen = 1.0 / 255; // minimum opacity at which a pixel's own colour counts

    /// <summary>Fills hidden pixels.</summary>
    /// <param name="picture">1×4×H×W in [0, 1]: colours not multiplied by alpha, then alpha.</param>
    /// <returns>1×3×H×W in [0, 1]; the original colours where the picture is opaque.</returns>
    public static Tensor Fill(Tensor picture)
    {
        using var scope = NewDisposeScope();
        var (colours, alpha) = (picture.narrow(1, 0, 3), picture.narrow(1, 3, 1));
        if (alpha.min().item<float>() >= Seen) return colours.clone().MoveToOuterDisposeScope();
        var opacity = alpha * alpha.ge(Seen);
        var around = Around(colours * opacity, opacity);
        return where(opacity.gt(0), colours, around).clamp_(0, 1).MoveToOuterDisposeScope();
    }

    /// <summary>The average colour near every pixel, from as far away as necessary.</summary>
    /// <param name="weighted">1×3×h×w: colours times opacity.</param>
    /// <param name="opacity">1×1×h×w.</param>
    private static Tensor Around(Tensor weighted, Tensor opacity)
    {
        var own = weighted / opacity.clamp_min(1e-6);
        var (height, width) = (opacity.shape[2], opacity.shape[3]);
        if (height == 1 && width == 1) return opacity.item<float>() > 0 ? own : full_like(own, 0.5f); // nothing is visible at all
        Tensor Half(Tensor image) =>
            nn.functional.avg_pool2d(image, [Math.Min(2, height), Math.Min(2, width)], ceil_mode: true, count_include_pad: false);
        var far = nn.functional.interpolate(Around(Half(weighted), Half(opacity)), [height, width], mode: InterpolationMode.Bilinear,
            align_corners: false);
        return far.lerp(own, opacity.mul(4).clamp_max(1));
    }
}
