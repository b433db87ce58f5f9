using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Control;

/// <summary>Gives one picture the colours of another. All pictures are 1×3×H×W sRGB in [0, 1]; results are new tensors.</summary>
public static class ColorTransfer
{
    private const long StripPixels = 1 << 20;

    /// <summary>
    /// The linear map of colours x ↦ A·(x − μ) + μ′ with
    /// A = C′½·C^(−½), the roots symmetric: means and covariances become those of the target (Gatys et al. 2016, "Preserving Color", section 3.1).
    /// </summary>
    public static Tensor MatchLinear(Tensor source, Tensor target)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var (mean, root, inverse) = Moments(source);
        var (wantedMean, wantedRoot, _) = Moments(target);
        var flat = source.squeeze(0).flatten(1).to(ScalarType.Float64); // 3×M
        var matched = wantedRoot.mm(inverse).mm(flat - mean) + wantedMean;
        return matched.clamp(0, 1).view(source.shape).to(source.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>The target's distribution of values in each channel of Oklab, by the order of the values (histogram matching).</summary>
    public static Tensor MatchHistogram(Tensor source, Tensor target)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var (from, to) = (Oklab.FromSrgb(source).squeeze(0).flatten(1), Oklab.FromSrgb(target).squeeze(0).flatten(1));
        var matched = stack(Enumerable.Range(0, 3).Select(channel => MatchChannel(from[channel], to[channel])).ToArray());
        return Oklab.ToSrgb(matched.view(source.shape)).clamp(0, 1).MoveToOuterDisposeScope();
    }

    /// <summary>Lightness of one picture with the hue and chroma of another, in Oklab. Both have one size.</summary>
    /// <param name="lightness">Gives lightness.</param>
    /// <param name="colour">Gives hue and chroma.</param>
    public static Tensor Luminance(Tensor lightness, Tensor colour)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var result = empty_like(lightness);
        var rows = Math.Max(1, StripPixels / lightness.shape[3]);
        for (var top = 0L; top < lightness.shape[2]; top += rows)
        {
            using var strip = NewDisposeScope(); // what lies between is several times the size of a picture
            var count = Math.Min(rows, lightness.shape[2] - top);
            var merged = cat([Oklab.FromSrgb(lightness.narrow(2, top, count)).narrow(1, 0, 1), Oklab.FromSrgb(colour.narrow(2, top, count)).narrow(1, 1, 2)], 1);
            result.narrow(2, top, count).copy_(Oklab.ToSrgb(merged).clamp_(0, 1));
        }
        return result.MoveToOuterDisposeScope();
    }

    private static Tensor MatchChannel(Tensor from, Tensor to)
    {
        var (sorted, _) = to.sort();
        var rank = from.argsort().argsort().to(ScalarType.Float64);
        var position = rank.mul((sorted.numel() - 1.0) / Math.Max(1, from.numel() - 1)).round().to(ScalarType.Int64);
        return sorted.index_select(0, position);
    }

    /// <summary>Mean (3×1), root and inverse root of the covariance (3×3) of the colours, in float64.</summary>
    private static (Tensor Mean, Tensor Root, Tensor InverseRoot) Moments(Tensor image)
    {
        var flat = image.squeeze(0).flatten(1).to(ScalarType.Float64);
        var mean = flat.mean([1], keepdim: true);
        var covariance = (flat - mean).mm((flat - mean).t()) / flat.shape[1] + eye(3, dtype: ScalarType.Float64, device: image.device) * 1e-6; // grey pictures have none
        var (values, vectors) = linalg.eigh(covariance);
        var roots = values.clamp_min(1e-9).sqrt();
        return (mean, (vectors * roots).mm(vectors.t()), (vectors / roots).mm(vectors.t()));
    }
}
