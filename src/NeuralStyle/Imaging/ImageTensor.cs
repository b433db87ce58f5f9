using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Imaging;

/// <summary>Geometry of pictures as tensors.</summary>
internal static class ImageTensor
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
        return nn.functional.interpolate(image, [size.Height, size.Width], mode: InterpolationMode.Bicubic, align_corners: false,
            antialias: shrinking)
            .clamp_(0, 1).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Resizes a picture that repeats without seams so that it still does: <see cref="Resize"/> with borders that wrap.
    /// </summary>
    /// <param name="image">1×C×H×W in [0, 1].</param>
    /// <param name="size">The size wanted; its sides, and those of the picture, are multiples of 16, so that a 16th of the one is a 16th of
    /// the other.</param>
    /// <returns>A new tensor.</returns>
    public static Tensor ResizeTile(Tensor image, PixelSize size)
    {
        using var scope = NewDisposeScope();
        var (x, y) = (image.shape[3] / 16, image.shape[2] / 16);
        var around = nn.functional.pad(image, [x, x, y, y], PaddingModes.Circular);
        var resized = Resize(around, new PixelSize(size.Width / 16 * 18, size.Height / 16 * 18));
        return resized.narrow(3, size.Width / 16, size.Width)
            .narrow(2, size.Height / 16, size.Height)
            .contiguous()
            .MoveToOuterDisposeScope();
    }
}
