using System.Runtime.InteropServices;
using NeuralStyle.Film;
using NeuralStyle.Imaging;
using static TorchSharp.torch;

namespace NeuralStyle.Tests.Film;

/// <summary>Films whose motion is known.</summary>
internal static class SyntheticFilm
{
    /// <summary>A window that moves over a picture with structure everywhere: frame i shows it at (i·x, i·y) pixels.</summary>
    public static Tensor Pan(int frame, double x, double y, int width, int height)
    {
        using var scope = NewDisposeScope();
        var (left, top) = (frame * x, frame * y);
        var columns = arange(width, ScalarType.Float32).view(1, width) + left;
        var rows = arange(height, ScalarType.Float32).view(height, 1) + top;
        var wave = (columns * 0.31 + (rows * 0.17).sin() * 2).sin() * 0.2 + (rows * 0.27 + (columns * 0.13).cos() * 3).sin() * 0.2
            + ((columns + rows) * 0.61).sin() * 0.08 + 0.5;
        return stack([wave, 1 - wave * 0.8, wave * wave + 0.1]).unsqueeze(0).clamp(0, 1).MoveToOuterDisposeScope();
    }

    /// <summary>A bright square that moves to the right over a still background, by 4 pixels for each frame.</summary>
    public static Tensor Sprite(int frame, int width, int height)
    {
        using var scope = NewDisposeScope();
        var image = Pan(0, 0, 0, width, height);
        var pattern = Pan(3, 40, 30, 24, 24) * 0.3 + 0.7;
        image.narrow(2, height / 2 - 12, 24).narrow(3, 16 + 4 * frame, 24).copy_(pattern);
        return image.MoveToOuterDisposeScope();
    }

    /// <summary>The flows in both directions.</summary>
    public static (FlowField Backward, FlowField Forward) Flows(Tensor before, Tensor frame)
    {
        var (first, second) = (Levels(before), Levels(frame));
        return (OpticalFlow.Between(second, first), OpticalFlow.Between(first, second));
    }

    /// <summary>The levels of a frame.</summary>
    public static IReadOnlyList<GreyImage> Levels(Tensor frame)
    {
        var size = ImageTensor.SizeOf(frame);
        using var dense = frame.contiguous();
        return GreyPyramid.Of(MemoryMarshal.Cast<byte, float>(dense.bytes), size.Width, size.Height);
    }
}
