using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Losses;

/// <summary>
/// The squared Wasserstein-2 distance between the Gaussians of two layers, per channel:
/// <c>mean (μ₁−μ₂)² + mean diag(C₁ + C₂ − 2·(C₂½ C₁ C₂½)½)</c> with covariances <c>C + ε·I</c> and ε = 10⁻⁴, as
/// Crowson's style-transfer-pytorch defines it.
/// </summary>
internal static class Wasserstein
{
    private const double Epsilon = 1e-4;
    private const double Tiny = 1e-12;
    private const double Rounding = 1e-5; // of the mean variance

    /// <summary>The distance, differentiable in <paramref name="generated"/>.</summary>
    public static Tensor Squared(LayerStatistics generated, LayerStatistics target)
    {
        var ridge = target.Mean.device_type == DeviceType.CPU ? null : target.Remember("w2 ridge", () => Ridge(target.SecondMoment));
        Tensor Second(LayerStatistics of) => ridge is null ? of.SecondMoment : of.SecondMoment + ridge;
        Tensor Own() => Covariance(target.Mean, Second(target));
        var root = target.Remember("w2 root", () => MatrixSquareRoot.Of(Own()));
        var trace = target.Remember("w2 trace", () => TraceOf(Own()));
        return Distance(generated.Mean, Second(generated), target.Mean, trace, root);
    }

    /// <summary>
    /// What keeps covariances positive definite where the root is iterated: sums in float32 of large activations are less exact than ε, and
    /// the iteration, unlike a decomposition, cannot leave out a negative eigenvalue.
    /// </summary>
    private static Tensor Ridge(Tensor second) =>
        eye(second.shape[0], dtype: second.dtype, device: second.device) * (second.diagonal().mean() * Rounding);

    /// <summary>
    /// The same distance between activations divided by the root mean square of the target's: of the same magnitude for every network and
    /// layer, and ε a fixed share of the variance.
    /// </summary>
    public static Tensor Relative(LayerStatistics generated, LayerStatistics target)
    {
        var of = Scaled.Of(target);
        return Distance(generated.Mean * of.Scale.sqrt(), generated.SecondMoment * of.Scale, of.Mean, of.Trace, of.Root);
    }

    /// <summary>
    /// <see cref="Relative"/> and its derivatives with respect to Σ f and Σ f·fᵀ, in closed form: automatic differentiation passes over
    /// C×C values some twenty times.
    /// </summary>
    /// <param name="sum">Σ f over positions, C values.</param>
    /// <param name="products">Σ f·fᵀ over positions, C×C.</param>
    /// <param name="positions">Number of positions.</param>
    /// <param name="target">Statistics of the style.</param>
    /// <returns>A scalar, C values, and C×C values, symmetric but for rounding; in the caller's dispose scope.</returns>
    public static (Tensor Distance, Tensor OfSum, Tensor OfProducts) RelativeWithSlopes(Tensor sum, Tensor products, double positions,
        LayerStatistics target)
    {
        using var _ = no_grad();
        var of = Scaled.Of(target);
        var share = LayerStatistics.ShareOf(positions);
        var (means, moments) = (of.Scale.sqrt() * share, of.Scale * share); // factors of the sums and of the products
        var mean = sum * means;
        var covariance = products * moments;
        covariance.sub_(mean.outer(mean)).diagonal().add_(Epsilon);
        var (cross, slope) = MatrixSquareRoot.WithSlope(covariance, of.Root);
        var channels = (double)mean.shape[0];
        var difference = mean - of.Mean;
        var traces = TraceOf(covariance) + of.Trace;
        var distance = difference.square().mean() + (traces - 2 * cross) / channels;
        var ofCovariance = slope.mul_(-2 / channels);
        ofCovariance.diagonal().add_(1 / channels);
        var ofMean = (difference / channels - ofCovariance.mv(mean)) * 2; // the covariance is the second moment minus μ·μᵀ
        return (distance, ofMean * means, ofCovariance.mul_(moments));
    }

    /// <summary>What the relative distance takes from a target, remembered with it.</summary>
    /// <param name="Scale">1 / mean diag of its second moment, a scalar.</param>
    /// <param name="Mean">Its mean, C values, divided by the root mean square.</param>
    /// <param name="Trace">The trace of its covariance, a scalar.</param>
    /// <param name="Root">The root of its covariance, C×C.</param>
    private sealed record Scaled(Tensor Scale, Tensor Mean, Tensor Trace, Tensor Root)
    {
        public static Scaled Of(LayerStatistics target)
        {
            var scale = target.Remember("w2 scale", () => target.SecondMoment.diagonal().mean().clamp_min(Tiny).reciprocal());
            var mean = target.Remember("w2 mean", () => target.Mean * scale.sqrt());
            Tensor Own() => Covariance(mean, target.SecondMoment * scale);
            return new Scaled(scale, mean, target.Remember("w2 relative trace", () => TraceOf(Own())),
                target.Remember("w2 relative root", () => MatrixSquareRoot.Of(Own())));
        }
    }

    private static Tensor Distance(Tensor mean, Tensor second, Tensor targetMean, Tensor targetTrace, Tensor targetRoot)
    {
        var covariance = Covariance(mean, second);
        var cross = MatrixSquareRoot.CrossTrace(covariance, targetRoot);
        var traces = TraceOf(covariance) + targetTrace;
        return (mean - targetMean).square().mean() + (traces - 2 * cross) / mean.shape[0];
    }

    private static Tensor TraceOf(Tensor matrix) => matrix.diagonal().sum();

    private static Tensor Covariance(Tensor mean, Tensor second) =>
        second - mean.outer(mean) + eye(mean.shape[0], dtype: mean.dtype, device: mean.device) * Epsilon;
}
