using static TorchSharp.torch;

namespace NeuralStyle.Film;

/// <summary>Where each pixel of a frame is found in another frame: at (x + X, y + Y).</summary>
/// <param name="Width">Of the frame, in pixels.</param>
/// <param name="Height">Of the frame, in pixels.</param>
/// <param name="X">Shift to the right in pixels, row by row.</param>
/// <param name="Y">Shift down in pixels, row by row.</param>
internal sealed record FlowField(int Width, int Height, float[] X, float[] Y)
{
    /// <summary>1×2×H×W: first X, then Y; owned by the caller.</summary>
    public Tensor ToTensor()
    {
        using var scope = NewDisposeScope();
        return stack([tensor(X, [Height, Width]), tensor(Y, [Height, Width])]).unsqueeze_(0).MoveToOuterDisposeScope();
    }
}
