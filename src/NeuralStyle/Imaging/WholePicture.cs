using NetVips;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Imaging;

/// <summary>
/// The complete picture to write: colours, the transparency of the original, and metadata, as a libvips pipeline over the tensor's own
/// memory.
/// </summary>
internal sealed class WholePicture : IDisposable
{
    private readonly TensorImage _colours;
    private readonly TensorImage? _alpha;

    /// <param name="image">1×3×H×W in [0, 1], on any device; must not change before this is disposed of.</param>
    /// <param name="format">Decides whether the picture is transparent or on white.</param>
    /// <param name="output">Depth, original, metadata.</param>
    public WholePicture(Tensor image, PictureFormat format, PictureOutput output)
    {
        _colours = new TensorImage(image, output.BitDepth);
        try
        {
            if (output.Original is { HasAlpha: true } original && (format.Alpha || original.IsTransparent))
            {
                using var alpha = original.AlphaTensor(ImageTensor.SizeOf(image));
                _alpha = new TensorImage(alpha, output.BitDepth);
            }
            using var pixels = _alpha is null ? _colours.Image.Copy() : Joined(format, output.BitDepth == 16 ? 65535 : 255);
            Image = PictureMetadata.Describe(pixels, output);
        }
        catch
        {
            _alpha?.Dispose();
            _colours.Dispose();
            throw;
        }
    }

    /// <summary>The picture; not to be used after this is disposed of.</summary>
    public Image Image { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Image.Dispose();
        _alpha?.Dispose();
        _colours.Dispose();
    }

    private Image Joined(PictureFormat format, int white)
    {
        var both = _colours.Image.Bandjoin(_alpha!.Image);
        if (format.Alpha) return both;
        using (both) return both.Flatten(background: [white, white, white], maxAlpha: white);
    }
}
