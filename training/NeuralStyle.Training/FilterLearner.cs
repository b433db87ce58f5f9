using static TorchSharp.torch;

namespace NeuralStyle.Training;

/// <summary>How the layers are learnt.</summary>
/// <param name="Firing">Share of positions at which a filter answers above 0, in (0, 1); decides the biases. docs/experiments.md says why so many.</param>
/// <param name="Ridge">Added to each variance before whitening, relative to the mean variance: keeps noise from being amplified.</param>
internal sealed record LearnerOptions(double Firing = 0.75, double Ridge = 0.2);

/// <summary>
/// Learns the filters of one 3×3 convolution from patches of the layer below, without labels: spherical k-means of whitened patches
/// (Coates and Ng, Learning Feature Representations with K-means, 2012).
/// </summary>
internal static class FilterLearner
{
    /// <summary>Learns.</summary>
    /// <param name="patches">N×(9·C) values; N is many times 9·C.</param>
    /// <param name="filters">Number of filters, O.</param>
    /// <param name="options">How.</param>
    /// <returns>O×(9·C) kernels and O biases, scaled so that the mean activation behind the ReLU is 1.</returns>
    public static (Tensor Kernel, Tensor Bias) Learn(Tensor patches, int filters, LearnerOptions options)
    {
        using var scope = NewDisposeScope();
        var mean = patches.mean([0]);
        var centred = patches - mean;
        var covariance = centred.t().mm(centred) / patches.shape[0];
        var (variances, axes) = linalg.eigh(covariance); // ascending
        var kept = (int)Math.Min(variances.shape[0], filters); // as many principal components as filters: the rest is mostly noise
        variances = variances.narrow(0, variances.shape[0] - kept, kept);
        axes = axes.narrow(1, axes.shape[1] - kept, kept);
        var whiten = axes / (variances + options.Ridge * variances.mean()).sqrt(); // (9·C)×K
        var white = centred.mm(whiten); // N×K

        var directions = SphericalMeans(white, filters); // O×K
        var kernel = directions.mm(whiten.t()); // O×(9·C)
        var answers = centred.mm(kernel.t()); // N×O
        var threshold = answers.quantile(tensor(1 - (float)options.Firing), 0).view(-1); // O
        var size = (answers - threshold).relu().mean([0]).clamp_min(1e-6);
        kernel = kernel / size.unsqueeze(1);
        var bias = -threshold / size - kernel.mv(mean);
        return (kernel.MoveToOuterDisposeScope(), bias.MoveToOuterDisposeScope());
    }

    /// <summary>Unit vectors, each the direction of the patches nearest to it in angle; every filter keeps some patches.</summary>
    private static Tensor SphericalMeans(Tensor white, int filters)
    {
        var unit = Normalized(white);
        var centres = Normalized(unit.index_select(0, randperm(white.shape[0]).narrow(0, 0, filters)) + 0.1 * randn(filters, white.shape[1]));
        for (var round = 0; round < 12; round++)
        {
            using var scope = NewDisposeScope();
            var nearest = unit.mm(centres.t()).max(1).indexes; // N
            var sums = zeros(filters, white.shape[1]).index_add_(0, nearest, unit, 1);
            centres = Normalized(sums + 0.05 * centres).MoveToOuterDisposeScope();
        }
        return centres;
    }

    private static Tensor Normalized(Tensor rows) => rows / rows.norm(1, keepdim: true, p: 2f).clamp_min(1e-8);
}
