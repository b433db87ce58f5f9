using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Film;

/// <summary>Whether a frame shows another scene than the one before it.</summary>
internal static class SceneCut
{
    // Between four photographs: up to 0.03 and from 0.108. Pans by 40 pixels of 256, which the flow no longer follows: from 0.099, and
    // up to 0.068.
    private const double LeastKnown = 0.15; // share of the frame that the one before shows, where a scene goes on
    private const double LargestChange = 0.08; // mean difference to the warped frame before it, for values in [0, 1]

    /// <summary>Judges two frames; computes their motion only where they differ so much that a scene may begin.</summary>
    /// <param name="before">3×H×W, RGB in [0, 1].</param>
    /// <param name="frame">3×H×W, the next frame.</param>
    /// <param name="width">W.</param>
    /// <param name="height">H.</param>
    public static bool IsBetween(float[] before, float[] frame, int width, int height)
    {
        var change = 0.0;
        for (var i = 0; i < frame.Length; i++) change += Math.Abs(frame[i] - before[i]);
        if (change / frame.Length <= LargestChange) return false; // along its motion it changes even less
        var (earlier, later) = (GreyPyramid.Of(before, width, height), GreyPyramid.Of(frame, width, height));
        using var scope = NewDisposeScope();
        using var motion = FrameMotion.Of(OpticalFlow.Between(later, earlier), OpticalFlow.Between(earlier, later));
        return IsBetween(tensor(before, [1, 3, height, width]), tensor(frame, [1, 3, height, width]), motion.Backward, motion.Known);
    }

    /// <summary>Judges by what the motion between the frames cannot explain.</summary>
    /// <param name="before">1×3×H×W in [0, 1].</param>
    /// <param name="frame">1×3×H×W.</param>
    /// <param name="backward">1×2×H×W, from the frame to the one before.</param>
    /// <param name="known">1×1×H×W, see <see cref="Occlusion"/>.</param>
    public static bool IsBetween(Tensor before, Tensor frame, Tensor backward, Tensor known)
    {
        using var scope = NewDisposeScope();
        var change = (Warp.Bilinear(before, backward) - frame).abs_().mean();
        return change.ToDouble() > LargestChange && known.mean().ToDouble() < LeastKnown;
    }
}
