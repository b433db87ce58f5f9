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
    /// <summary>Most places. They are other ones, and more, than those that a self-similarity loss sees.</summary>
    public const int MostPlaces = 4096;

    private const int PlacesAtOnce = 512;

    /// <summary>The distance.</summary>
    /// <param name="picture">n×C activations at n places, in the paper all of relu3_1.</param>
    /// <param name="content">Those of the content at the same places.</param>
    /// <returns>At least 0, which is for equal structures.</returns>
    public static double Of(Tensor picture, Tensor content)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var (ofContent, ofPicture) = (UnitVectors.Of(content), UnitVectors.Of(picture));
        var places = picture.shape[0];
        var sum = 0.0;
        // some places at a time: the similarities of all to all would take hundreds of megabytes
        for (long first = 0; first < places; first += PlacesAtOnce)
        {
            using var some = NewDisposeScope();
            var count = Math.Min(PlacesAtOnce, places - first);
            var (p, q) = (LogShares(ofContent, first, count), LogShares(ofPicture, first, count));
            sum += (p.exp() * (p - q)).sum().ToDouble();
        }
        return sum / places;
    }

    /// <summary>The logarithm of the softmax of the similarities of some places to all: count×n.</summary>
    private static Tensor LogShares(Tensor unit, long first, long count) => unit.narrow(0, first, count).mm(unit.t()).log_softmax(1);
}
