using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Imaging;

/// <summary>
/// A picture that a run needs twice at each size: once for the picture that a scale starts from, once for its targets. It is decoded and
/// resized once, as long as it is small; large ones would fill memory for a small part of their run.
/// </summary>
internal sealed class RenderedTwice : IDisposable
{
    private const long Most = 4 << 20; // pixels: 48 MiB

    private (PixelSize Size, Tensor Image)? _kept;

    /// <param name="picture">The picture; not owned.</param>
    public RenderedTwice(PictureSource picture) => Source = picture with
    {
        Render = size => Of(size, () => picture.Render(size)),
        Interruptible = picture.Interruptible is { } render ? (size, stop) => Of(size, () => render(size, stop)) : null,
    };

    /// <summary>The picture, for use on one thread.</summary>
    public PictureSource Source { get; }

    /// <summary>Lets go of what no one has asked for again.</summary>
    public void Forget()
    {
        _kept?.Image.Dispose();
        _kept = null;
    }

    /// <inheritdoc/>
    public void Dispose() => Forget();

    private Tensor Of(PixelSize size, Func<Tensor> render)
    {
        if (_kept is { } kept && kept.Size == size)
        {
            _kept = null;
            using (kept.Image) return kept.Image.alias(); // belongs to the dispose scope of whoever asks
        }
        Forget();
        var image = render();
        if (size.Pixels <= Most) _kept = (size, image.clone().DetachFromDisposeScope());
        return image;
    }
}
