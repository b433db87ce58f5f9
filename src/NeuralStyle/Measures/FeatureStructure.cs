using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Measures;

/// <summary>
/// CFSD, the content feature structural distance of Chung, Hyun and Heo 2024 ("Style injection in diffusion"): whether the places of a
/// picture are as similar to each other as those of its content, whatever they look like. For every place it is the Kullback–Leibler
/// divergence between the two distributions that a softmax makes of its similarities to all places. Departures: similarities are cosines,
/// so that the scale of a network does not matter; the mean over places is taken.
/// </summary>
internal static class FeatureStructure
{
    /// <summary>The distance.</summary>
    /// <param name="picture">n×C activations at n places, in the paper all of relu3_1.</param>
    /// <param name="content">Those of the content at the same places.</param>
    /// <returns>At least 0, which is for equal structures.</returns>
    public static double Of(Tensor picture, Tensor content)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var (p, q) = (LogShares(content), LogShares(picture));
        return (p.exp() * (p - q)).sum(1).mean().ToDouble();
    }

    /// <summary>The logarithm of the softmax of similarities: n×n, each row for a place.</summary>
    private static Tensor LogShares(Tensor places)
    {
        var unit = UnitVectors.Of(places);
        return unit.mm(unit.t()).log_softmax(1);
    }
}
