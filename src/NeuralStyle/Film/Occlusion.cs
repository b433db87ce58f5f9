using static TorchSharp.torch;

namespace NeuralStyle.Film;

/// <summary>
/// Where the flow to the frame before can be trusted (Ruder, Dosovitskiy, Brox, "Artistic style transfer for videos", 2016, equations 5 and
/// 6; the first after Sundaram, Brox, Keutzer 2010).
/// </summary>
internal static class Occlusion
{
    /// <summary>Judges every pixel of a frame.</summary>
    /// <param name="backward">1×2×H×W in pixels: from a frame to the one before it.</param>
    /// <param name="forward">1×2×H×W: from the frame before to this one.</param>
    /// <returns>
    /// Both 1×1×H×W of 0 and 1, owned by the caller. Known: 1 where the frame before shows the same thing. Seen: the weight in the temporal
    /// loss, 0 also at edges of the motion, where a pixel is of both sides.
    /// </returns>
    public static (Tensor Known, Tensor Seen) Of(Tensor backward, Tensor forward)
    {
        using var scope = NewDisposeScope();
        using var there = Warp.Bilinear(forward, backward);
        // there and back again must end where it began
        var lost = Squared(there + backward).gt(0.01 * (Squared(there) + Squared(backward)) + 0.5);
        var edge = Steepness(backward).gt(0.01 * Squared(backward) + 0.002);
        var (x, y) = Warp.Positions(backward, within: false);
        var outside = x.lt(0) | x.gt(backward.shape[3] - 1) | y.lt(0) | y.gt(backward.shape[2] - 1);
        var known = (lost | outside).logical_not();
        return (known.to(backward.dtype).MoveToOuterDisposeScope(),
            (known & edge.logical_not()).to(backward.dtype).MoveToOuterDisposeScope());
    }

    /// <summary>x² + y², 1×1×H×W.</summary>
    private static Tensor Squared(Tensor flow) => flow.square().sum(1, keepdim: true);

    /// <summary>|∇x|² + |∇y|² by central differences, 1×1×H×W.</summary>
    private static Tensor Steepness(Tensor flow)
    {
        var around = nn.functional.pad(flow, [1, 1, 1, 1], TorchSharp.PaddingModes.Replicate);
        var (height, width) = (flow.shape[2], flow.shape[3]);
        var across = (around.narrow(2, 1, height).narrow(3, 2, width) - around.narrow(2, 1, height).narrow(3, 0, width)) * 0.5;
        var down = (around.narrow(2, 2, height).narrow(3, 1, width) - around.narrow(2, 0, height).narrow(3, 1, width)) * 0.5;
        return Squared(across) + Squared(down);
    }
}
