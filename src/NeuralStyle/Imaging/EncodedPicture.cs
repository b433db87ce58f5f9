using NetVips;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Imaging;

/// <summary>A picture as the bytes of a JPEG file, for pages and terminals: sRGB, 8 bits, no metadata.</summary>
/// <param name="Bytes">The file.</param>
/// <param name="Size">In pixels.</param>
internal sealed record EncodedPicture(byte[] Bytes, PixelSize Size)
{
    /// <summary>What the bytes are, for HTTP and data addresses.</summary>
    public const string MediaType = "image/jpeg";

    /// <summary>Encodes a picture in memory.</summary>
    /// <param name="image">1×3×H×W in [0, 1], on any device.</param>
    /// <param name="quality">1 to 100.</param>
    public static EncodedPicture Of(Tensor image, int quality)
    {
        using var pixels = new TensorImage(image, bitDepth: 8);
        var bytes = pixels.Image.JpegsaveBuffer(q: quality, optimizeCoding: true, subsampleMode: quality >= 90
            ? Enums.ForeignSubsample.Off
            : Enums.ForeignSubsample.Auto, keep: Enums.ForeignKeep.None);
        return new EncodedPicture(bytes, ImageTensor.SizeOf(image));
    }

    /// <summary>Encodes a picture file; transparent parts become white.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="longSide">Longest side in pixels; smaller pictures keep their size.</param>
    /// <param name="quality">1 to 100.</param>
    /// <exception cref="InvalidInputException">The file is damaged.</exception>
    public static EncodedPicture Of(Picture picture, int longSide, int quality)
    {
        using var scope = NewDisposeScope();
        return Of(picture.ToTensorOnWhite(picture.Size.LongSide > longSide ? picture.Size.WithLongSide(longSide) : picture.Size), quality);
    }
}
