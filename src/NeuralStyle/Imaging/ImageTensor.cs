using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Imaging;

/// <summary>Geometry of pictures as tensors.</summary>
public static class ImageTensor
{
    /// <summary>The size of a picture tensor.</summary>
    /// <param name="image">N×C×H×W.</param>
    public static PixelSize SizeOf(Tensor image) => new((int)image.shape[3], (int)image.shape[2]);

    /// <summary>Resizes by bicubic interpolation, antialiased when shrinking, and clamps to [0, 1].</summary>
    /// <param name="image">1×C×H×W in [0, 1].</param>
    /// <param name="size">The size wanted.</param>
    /// <returns>A new tensor, also when the size is the same.</returns>
    public static Tensor Resize(Tensor image, PixelSize size)
    {
        if (SizeOf(image) == size) return image.clone();
        using var scope = NewDisposeScope();
        var shrinking = size.Width < image.shape[3] || size.Height < image.shape[2];
        return nn.functional.interpolate(image, [size.Height, size.Width], mode: InterpolationMode.Bicubic, align_corners: false, antialias: shrinking)
            .clamp_(0, 1).MoveToOuterDisposeScope();
    }
}
