using NeuralStyle.Losses;
using NeuralStyle.Vgg;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Benchmarks.Quality;

/// <summary>What a result measures, under definitions that no candidate can choose for itself.</summary>
/// <param name="W2">Wasserstein-2 style loss, layers weighted 256, 64, 16, 4, 1 over their sum (Crowson).</param>
/// <param name="Gram">Relative Gram style loss, mean of the five layers.</param>
/// <param name="Moments">Relative loss of means and deviations, mean of the five layers.</param>
/// <param name="Content">Mean squared difference at relu4_2.</param>
/// <param name="Structure">Structural similarity of the luminance to the content's, −1 to 1.</param>
/// <param name="Variation">Total variation per pixel over the style picture's: far above 1 is speckle, far below is blur.</param>
internal sealed record Scores(double W2, double Gram, double Moments, double Content, double Structure, double Variation)
{
    private static readonly double[] CrowsonWeights = [256, 64, 16, 4, 1];

    /// <summary>Measures a result against content and style of its size.</summary>
    public static Scores Of(VggNetwork network, Tensor content, Tensor style, Tensor image)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        VggLayer[] styleLayers = [new(1, 1), new(2, 1), new(3, 1), new(4, 1), new(5, 1)];
        VggLayer contentLayer = new(4, 2);
        var made = network.Forward(image, [.. styleLayers, contentLayer]);
        var wanted = network.Forward(style, styleLayers);
        double Style(StyleLossKind kind, double[] weights) => styleLayers.Select((layer, i) =>
        {
            using var target = LayerStatistics.Of(wanted[layer]);
            return weights[i] / weights.Sum() * StyleLoss.Of(kind, LayerStatistics.Of(made[layer]), target).ToDouble();
        }).Sum();
        double[] alike = [1, 1, 1, 1, 1];
        return new Scores(Style(StyleLossKind.W2, CrowsonWeights), Style(StyleLossKind.Gram, alike), Style(StyleLossKind.Moments, alike),
            (made[contentLayer] - network.Forward(content, [contentLayer])[contentLayer]).square().mean().ToDouble(),
            Ssim(Luminance(image), Luminance(content)), PerPixel(image) / PerPixel(style));
    }

    private static double PerPixel(Tensor image) => TotalVariation.Absolute(image).ToDouble() / image.numel();

    private static Tensor Luminance(Tensor image) =>
        (image * tensor(new[] { 0.2126f, 0.7152f, 0.0722f }, image.dtype, image.device).view(1, 3, 1, 1)).sum(1, keepdim: true);

    /// <summary>Structural similarity (Wang et al. 2004) with its 11×11 Gaussian window of σ = 1.5, dynamic range 1.</summary>
    private static double Ssim(Tensor a, Tensor b)
    {
        var line = arange(-5, 6, dtype: a.dtype, device: a.device).square().div(-2 * 1.5 * 1.5).exp();
        line = line / line.sum();
        var window = line.outer(line).view(1, 1, 11, 11);
        Tensor Blur(Tensor x) => nn.functional.conv2d(x, window);
        var (meanA, meanB) = (Blur(a), Blur(b));
        var (varianceA, varianceB) = (Blur(a * a) - meanA * meanA, Blur(b * b) - meanB * meanB);
        var covariance = Blur(a * b) - meanA * meanB;
        const double c1 = 0.01 * 0.01, c2 = 0.03 * 0.03;
        var map = (2 * meanA * meanB + c1)
            * (2 * covariance + c2) / ((meanA.square() + meanB.square() + c1) * (varianceA + varianceB + c2));
        return map.mean().ToDouble();
    }
}
