using static TorchSharp.torch;

namespace NeuralStyle.Film;

/// <summary>The motion from a frame to the one before it.</summary>
/// <param name="Backward">1×2×H×W in pixels: where each pixel of the frame is found in the one before.</param>
/// <param name="Known">1×1×H×W: 0 where the frame before does not show the same thing, see <see cref="Occlusion"/>.</param>
/// <param name="Seen">1×1×H×W: the weight in the temporal loss, 0 also at edges of the motion.</param>
internal sealed record FrameMotion(Tensor Backward, Tensor Known, Tensor Seen) : IDisposable
{
    /// <summary>From the flows in both directions.</summary>
    /// <param name="backward">From the frame to the one before it.</param>
    /// <param name="forward">From the frame before to this one.</param>
    public static FrameMotion Of(FlowField backward, FlowField forward)
    {
        using var there = forward.ToTensor();
        var back = backward.ToTensor();
        var (known, seen) = Occlusion.Of(back, there);
        return new FrameMotion(back, known, seen);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Backward.Dispose();
        Known.Dispose();
        Seen.Dispose();
    }
}
