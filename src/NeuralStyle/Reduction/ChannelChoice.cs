using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Reduction;

/// <summary>
/// Chooses the channels of a layer that explain most of the covariance of all its channels: a greedy pivoted Cholesky decomposition
/// (Harbrecht, Peters, Schneider, "On the low-rank approximation by the pivoted Cholesky decomposition", 2012).
/// </summary>
internal static class ChannelChoice
{
    /// <summary>Chooses.</summary>
    /// <param name="covariance">C×C float64 covariance of the activations after the ReLU.</param>
    /// <param name="count">Number of channels to choose, at most C.</param>
    /// <returns>Indexes of channels in ascending order.</returns>
    /// <remarks>
    /// The covariance is divided by the square roots of the standard deviations: without that, strong channels would crowd out weak ones;
    /// divided by the full standard deviations, a channel that is hardly ever active would count as much as any other.
    /// </remarks>
    public static int[] Choose(Tensor covariance, int count)
    {
        using var scope = NewDisposeScope();
        var channels = (int)covariance.shape[0];
        if (count >= channels) return Enumerable.Range(0, channels).ToArray();
        var quarter = covariance.diagonal().clamp_min(0).pow(0.25).clamp_min(1e-12); // the square root of the standard deviation
        var values = (covariance / quarter.unsqueeze(0) / quarter.unsqueeze(1)).contiguous().data<double>().ToArray();
        var left = Enumerable.Range(0, channels).Select(c => values[c * channels + c]).ToArray(); // variance not explained yet
        var factor = new double[count][];
        var chosen = new List<int>();
        for (var step = 0; step < count; step++)
        {
            var pivot = Enumerable.Range(0, channels).Where(c => !chosen.Contains(c)).MaxBy(c => left[c]);
            chosen.Add(pivot);
            var column = factor[step] = new double[channels];
            var root = Math.Sqrt(Math.Max(left[pivot], 1e-30));
            for (var c = 0; c < channels; c++)
            {
                var value = values[c * channels + pivot];
                for (var earlier = 0; earlier < step; earlier++) value -= factor[earlier][c] * factor[earlier][pivot];
                column[c] = value / root;
                left[c] -= column[c] * column[c];
            }
        }
        return chosen.Order().ToArray();
    }
}
