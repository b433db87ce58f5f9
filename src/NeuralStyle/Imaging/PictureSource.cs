using static TorchSharp.torch;

namespace NeuralStyle.Imaging;

/// <summary>A picture that can be rendered at any size, from a file or from memory.</summary>
/// <param name="Size">Its own size.</param>
/// <param name="Render">Renders it at a size as 1×3×H×W float32 in [0, 1] on the CPU; the caller owns the tensor.</param>
public sealed record PictureSource(PixelSize Size, Func<PixelSize, Tensor> Render)
{
    /// <summary>
    /// Its opacity at a size, as 1×1×H×W float32 in [0, 1] on the CPU, owned by the caller; null if all of it is opaque.
    /// </summary>
    public Func<PixelSize, Tensor>? Opacity { get; init; }

    /// <summary>
    /// The same as <see cref="Render"/> until a token is cancelled, which an <see cref="OperationCanceledException"/> answers; null where
    /// rendering takes no time.
    /// </summary>
    public Func<PixelSize, CancellationToken, Tensor>? Interruptible { get; init; }

    /// <summary>The same source, whose <see cref="Render"/> a token stops.</summary>
    public PictureSource StoppedBy(CancellationToken cancellation) =>
        Interruptible is { } render ? this with { Render = size => render(size, cancellation) } : this;

    /// <summary>The file that it comes from; null for pictures in memory.</summary>
    internal Picture? File { get; init; }

    /// <summary>A picture in memory, resized by antialiased bicubic interpolation.</summary>
    /// <param name="image">1×3×H×W in [0, 1]; not owned.</param>
    public static PictureSource Of(Tensor image) => new(
        new PixelSize((int)image.shape[3], (int)image.shape[2]),
        size => ImageTensor.Resize(image, size));
}
