using NeuralStyle.Runtime;
using static TorchSharp.torch;

namespace NeuralStyle.Colour;

/// <summary>Gives one picture the colours of another. All pictures are 1×3×H×W sRGB in [0, 1]; results are new tensors.</summary>
internal static class ColorTransfer
{
    private const long StripPixels = 1 << 20;

    // directions in the plane of a and b, in quarter turns; the axes themselves last, whose distributions are then exact
    private static readonly double[] s_directions = [1 / 2d, 1 / 4d, 3 / 4d, 1 / 8d, 5 / 8d, 3 / 8d, 7 / 8d, 0];

    /// <summary>
    /// The linear map of colours x ↦ A·(x − μ) + μ′ with
    /// A = C′½·C^(−½), the roots symmetric: means and covariances become those of the target (Gatys et al. 2016, "Preserving Color",
    /// section 3.1).
    /// </summary>
    /// <param name="source">The picture to recolour.</param>
    /// <param name="target">Has the colours.</param>
    /// <param name="opacity">1×1×H×W in [0, 1], what of the source counts; null for all of it.</param>
    public static Tensor MatchLinear(Tensor source, Tensor target, Tensor? opacity = null)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var (mean, root, inverse) = Moments(source, opacity);
        var (wantedMean, wantedRoot, _) = Moments(target);
        var map = wantedRoot.mm(inverse);
        return InStrips(source, strip => (map.mm(Colours(strip(source)) - mean) + wantedMean).clamp_(0, 1).view(strip(source).shape))
            .MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The target's distribution of lightness, and that of a and b together, in Oklab: histograms are matched, by the order of the values,
    /// in several directions of the plane of a and b, one after the other (Pitié et al. 2007). Along the axes alone, red of one part and
    /// blue of another would meet in a violet that neither picture has.
    /// </summary>
    /// <remarks>
    /// Values are sorted exactly, so this does not work by strips: besides both pictures in Oklab it takes about 50 bytes per pixel of the
    /// larger one.
    /// </remarks>
    /// <param name="source">The picture to recolour.</param>
    /// <param name="target">Has the colours.</param>
    /// <param name="opacity">1×1×H×W in [0, 1], what of the source counts; null for all of it.</param>
    public static Tensor MatchHistogram(Tensor source, Tensor target, Tensor? opacity = null)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var (matched, wanted) = (InStrips(source, strip => Oklab.FromSrgb(strip(source))),
            InStrips(target, strip => Oklab.FromSrgb(strip(target))));
        var seen = opacity?.view(-1).gt(0.5);
        if (seen is not null && !seen.any().item<bool>()) seen = null;
        Match(matched[0, 0].view(-1), wanted[0, 0].view(-1));
        foreach (var direction in s_directions)
        {
            using var turned = NewDisposeScope();
            var (sine, cosine) = Math.SinCos(direction * Math.PI / 2);
            var (a, b) = (matched[0, 1].view(-1), matched[0, 2].view(-1));
            var (across, along) = (a * cosine + b * sine, b * cosine - a * sine);
            Match(across, (wanted[0, 1] * cosine + wanted[0, 2] * sine).view(-1));
            Match(along, (wanted[0, 2] * cosine - wanted[0, 1] * sine).view(-1));
            a.copy_(across * cosine - along * sine);
            b.copy_(across * sine + along * cosine);
        }
        return InStrips(matched, strip => Oklab.ToSrgb(strip(matched)).clamp_(0, 1)).MoveToOuterDisposeScope();

        void Match(Tensor values, Tensor target)
        {
            if (seen is null) MatchChannel(values, target);
            else MatchSeen(values, target, seen);
        }
    }

    /// <summary>Lightness of one picture with the hue and chroma of another, in Oklab. Both have the same size.</summary>
    /// <param name="lightness">Gives lightness.</param>
    /// <param name="colour">Gives hue and chroma.</param>
    public static Tensor Luminance(Tensor lightness, Tensor colour)
    {
        using var _ = no_grad();
        return InStrips(lightness, strip =>
        {
            var merged = cat([Oklab.FromSrgb(strip(lightness)).narrow(1, 0, 1), Oklab.FromSrgb(strip(colour)).narrow(1, 1, 2)], 1);
            return Oklab.ToSrgb(merged).clamp_(0, 1);
        });
    }

    /// <summary>Makes a picture by strips of rows, because intermediate results take several times its memory.</summary>
    /// <param name="like">A picture of the size and type of the result.</param>
    /// <param name="make">Makes a strip; receives a function that returns the same strip of any picture of that size, as a view.</param>
    private static Tensor InStrips(Tensor like, Func<Func<Tensor, Tensor>, Tensor> make)
    {
        using var scope = NewDisposeScope();
        var result = empty(like.shape, like.dtype, like.device);
        foreach (var (top, rows) in Strips(like))
        {
            using var strip = NewDisposeScope();
            result.narrow(2, top, rows).copy_(make(picture => picture.narrow(2, top, rows)));
        }
        return result.MoveToOuterDisposeScope();
    }

    private static IEnumerable<(long Top, long Rows)> Strips(Tensor image)
    {
        var (height, rows) = (image.shape[2], Math.Max(1, StripPixels / image.shape[3]));
        for (var top = 0L; top < height; top += rows) yield return (top, Math.Min(rows, height - top));
    }

    /// <summary>Replaces each value by the wanted value at the same rank, relative to the number of values.</summary>
    private static void MatchChannel(Tensor values, Tensor wanted)
    {
        using var scope = NewDisposeScope();
        var order = values.argsort();
        var (sorted, indices) = wanted.sort();
        indices.Dispose();
        var (count, step) = (values.numel(), (wanted.numel() - 1.0) / Math.Max(1, values.numel() - 1));
        for (var from = 0L; from < count; from += StripPixels)
        {
            using var strip = NewDisposeScope();
            var ranks = arange(from, Math.Min(count, from + StripPixels), ScalarType.Float64, values.device);
            values.index_copy_(0, order.narrow(0, from, ranks.numel()),
                sorted.index_select(0, ranks.mul_(step).round_().to(ScalarType.Int64)));
        }
    }

    /// <summary>The same by the order of those values that are seen; the others become what seen values next to them do.</summary>
    private static void MatchSeen(Tensor values, Tensor wanted, Tensor seen)
    {
        using var scope = NewDisposeScope();
        var shown = values.masked_select(seen);
        var before = shown.sort().Values;
        MatchChannel(shown, wanted);
        var after = shown.sort().Values; // the map keeps the order
        var hidden = searchsorted(before, values.masked_select(seen.logical_not())).clamp_(0, before.numel() - 1);
        values.masked_scatter_(seen.logical_not(), after.index_select(0, hidden));
        values.masked_scatter_(seen, shown);
    }

    /// <summary>Mean (3×1), root and inverse root of the covariance (3×3) of the colours, in float64.</summary>
    private static (Tensor Mean, Tensor Root, Tensor InverseRoot) Moments(Tensor image, Tensor? opacity = null)
    {
        var pixels = opacity is null
            ? image.shape[2] * image.shape[3]
            : Math.Max(1e-6, FixedSums.Sum(opacity.to(ScalarType.Float64)).item<double>());
        var mean = Sum(image, opacity, (colours, weights) => (colours * weights).sum([1], keepdim: true)) / pixels;
        // grey pictures have zero variance
        var covariance = Sum(image, opacity, (colours, weights) => ((colours - mean) * weights).mm((colours - mean).t())) / pixels
            + eye(3, dtype: ScalarType.Float64, device: image.device) * 1e-6;
        var (values, vectors) = linalg.eigh(covariance);
        var roots = values.clamp_min(1e-9).sqrt();
        return (mean, (vectors * roots).mm(vectors.t()), (vectors / roots).mm(vectors.t()));
    }

    /// <summary>Adds up what the strips of a picture give, each 3×M with weights 1×M or 1.</summary>
    private static Tensor Sum(Tensor image, Tensor? opacity, Func<Tensor, Tensor, Tensor> term)
    {
        using var scope = NewDisposeScope();
        var sum = zeros(1, dtype: ScalarType.Float64, device: image.device);
        foreach (var (top, rows) in Strips(image))
        {
            using var strip = NewDisposeScope();
            var weights = opacity is null
                ? ones(1, dtype: ScalarType.Float64, device: image.device)
                : opacity.narrow(2, top, rows).reshape(1, -1).to(ScalarType.Float64);
            sum = (sum + term(Colours(image.narrow(2, top, rows)), weights)).MoveToOuterDisposeScope();
        }
        return sum.MoveToOuterDisposeScope();
    }

    /// <summary>1×3×h×w to 3×M in float64.</summary>
    private static Tensor Colours(Tensor image) => image.squeeze(0).flatten(1).to(ScalarType.Float64);
}
