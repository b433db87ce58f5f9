using NeuralStyle.Imaging;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;
using static TorchSharp.torch;

namespace NeuralStyle.Scales;

/// <summary>
/// The start of a scale: the enlarged picture of the previous scale, plus some of the content's detail that was too fine for that scale.
/// </summary>
/// <remarks>
/// An enlarged picture has no detail, and the first iterations of a scale do little more than restore the content's. With half of it from
/// the start the same loss is reached with 4 to 23 % fewer iterations; docs/experiments.md has the figures.
/// </remarks>
internal static class Enlargement
{
    /// <summary>The start of the next scale.</summary>
    /// <param name="picture">1×3×H×W in [0, 1].</param>
    /// <param name="size">Size of the next scale.</param>
    /// <param name="content">The content picture.</param>
    /// <param name="settings">How the run started, padding, and <see cref="StyleSettings.Detail"/>.</param>
    /// <returns>A new tensor of the size, in [0, 1].</returns>
    public static Tensor Of(Tensor picture, PixelSize size, PictureSource content, StyleSettings settings)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var share = settings.Detail * (1 - settings.Start.NoiseOverContent(settings.Strength));
        // computed before the picture that it is added to: fewer pictures at the same time
        var detail = share == 0 ? null : DetailOf(content.Render(size).to(picture.device), ImageTensor.SizeOf(picture));
        var enlarged = settings.Padding == PaddingMode.Circular ? ImageTensor.ResizeTile(picture, size) : ImageTensor.Resize(picture, size);
        if (detail is not null) enlarged.add_(detail, alpha: share).clamp_(0, 1);
        return enlarged.MoveToOuterDisposeScope();
    }

    /// <summary>The detail that a picture loses when it is shrunk to a size; frees the picture.</summary>
    private static Tensor DetailOf(Tensor picture, PixelSize small)
    {
        using var shrunk = ImageTensor.Resize(picture, small);
        using var blurred = ImageTensor.Resize(shrunk, ImageTensor.SizeOf(picture));
        return picture.sub_(blurred);
    }
}
