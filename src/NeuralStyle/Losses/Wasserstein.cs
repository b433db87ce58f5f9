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
        var root = target.Remember("w2 root", () => MatrixSquareRoot.Of(Covariance(target.Mean, Second(target))));
        return Distance(generated.Mean, Second(generated), target.Mean, Second(target), root);
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
        var scale = target.Remember("w2 scale", () => target.SecondMoment.diagonal().mean().clamp_min(Tiny).reciprocal());
        var mean = target.Remember("w2 mean", () => target.Mean * scale.sqrt());
        var second = target.Remember("w2 second", () => target.SecondMoment * scale);
        var root = target.Remember("w2 relative root", () => MatrixSquareRoot.Of(Covariance(mean, second)));
        return Distance(generated.Mean * scale.sqrt(), generated.SecondMoment * scale, mean, second, root);
    }

    private static Tensor Distance(Tensor mean, Tensor second, Tensor targetMean, Tensor targetSecond, Tensor targetRoot)
    {
        var covariance = Covariance(mean, second);
        var cross = MatrixSquareRoot.CrossTrace(covariance, targetRoot);
        var traces = covariance.diagonal().sum() + Covariance(targetMean, targetSecond).diagonal().sum();
        return (mean - targetMean).square().mean() + (traces - 2 * cross) / mean.shape[0];
    }

    private static Tensor Covariance(Tensor mean, Tensor second) =>
        second - mean.outer(mean) + eye(mean.shape[0], dtype: mean.dtype, device: mean.device) * Epsilon;
}
