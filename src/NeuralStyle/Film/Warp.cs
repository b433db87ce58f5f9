using static TorchSharp.torch;

namespace NeuralStyle.Film;

/// <summary>Moves pictures along a flow.</summary>
internal static class Warp
{
    /// <summary>
    /// The backward warp: each pixel of the result is taken from where the flow leads to. Bicubic (Catmull-Rom), which blurs less than
    /// bilinear interpolation; over many frames, blur adds up. Beyond the borders, the border counts.
    /// </summary>
    /// <param name="image">1×C×H×W, the earlier picture.</param>
    /// <param name="flow">1×2×H×W in pixels, from the pixels of the result to those of <paramref name="image"/>.</param>
    /// <returns>1×C×H×W, between the least and the largest value of the picture; owned by the caller.</returns>
    public static Tensor Bicubic(Tensor image, Tensor flow)
    {
        using var scope = NewDisposeScope();
        var (x, y) = Positions(flow);
        var (left, top) = (x.floor(), y.floor());
        var (across, down) = (Shares(x - left), Shares(y - top));
        var sum = zeros_like(image);
        for (var row = 0; row < 4; row++)
        {
            for (var column = 0; column < 4; column++)
            {
                using var step = NewDisposeScope();
                sum.addcmul_(At(image, left + (column - 1), top + (row - 1)), across[column] * down[row], 1);
            }
        }
        return sum.clamp_(image.min(), image.max()).MoveToOuterDisposeScope();
    }

    /// <summary>The same by bilinear interpolation, as for flows themselves.</summary>
    /// <param name="image">1×C×H×W.</param>
    /// <param name="flow">1×2×H×W in pixels.</param>
    /// <returns>1×C×H×W; owned by the caller.</returns>
    public static Tensor Bilinear(Tensor image, Tensor flow)
    {
        using var scope = NewDisposeScope();
        var (x, y) = Positions(flow);
        var (left, top) = (x.floor(), y.floor());
        var (across, down) = (x - left, y - top);
        var upper = At(image, left, top).lerp(At(image, left + 1, top), across);
        return upper.lerp(At(image, left, top + 1).lerp(At(image, left + 1, top + 1), across), down).MoveToOuterDisposeScope();
    }

    /// <summary>Where the flow leads to, within the picture; both 1×1×H×W.</summary>
    internal static (Tensor X, Tensor Y) Positions(Tensor flow, bool within = true)
    {
        var (height, width) = (flow.shape[2], flow.shape[3]);
        var x = flow.narrow(1, 0, 1) + arange(width, flow.dtype, flow.device).view(1, 1, 1, width);
        var y = flow.narrow(1, 1, 1) + arange(height, flow.dtype, flow.device).view(1, 1, height, 1);
        return within ? (x.clamp_(0, width - 1), y.clamp_(0, height - 1)) : (x, y);
    }

    /// <summary>The pixels at whole positions, 1×1×H×W each; beyond the borders, those of the border.</summary>
    private static Tensor At(Tensor image, Tensor x, Tensor y)
    {
        var (channels, height, width) = (image.shape[1], image.shape[2], image.shape[3]);
        var index = (y.clamp(0, height - 1).to(ScalarType.Int64) * width + x.clamp(0, width - 1).to(ScalarType.Int64)).view(-1);
        return image.reshape(channels, -1).index_select(1, index).view(1, channels, x.shape[2], x.shape[3]);
    }

    /// <summary>The weights of the four neighbours of a position by its fraction (Catmull-Rom); they sum to 1.</summary>
    private static Tensor[] Shares(Tensor t)
    {
        var (square, cube) = (t * t, t * t * t);
        return
        [
            (square * 2 - cube - t) * 0.5,
            (cube * 3 - square * 5 + 2) * 0.5,
            (square * 4 - cube * 3 + t) * 0.5,
            (cube - square) * 0.5,
        ];
    }
}
