using NetVips;
using NeuralStyle.Imaging;
using static TorchSharp.torch;

namespace NeuralStyle.Cli.Terminal;

/// <summary>The pixels of a picture as bytes, for terminals.</summary>
/// <param name="Size">Width and height.</param>
/// <param name="Bytes">R, G, B of each pixel, row by row.</param>
public sealed record RgbPixels(PixelSize Size, byte[] Bytes)
{
    static RgbPixels() => Libvips.Prepare();

    /// <summary>A picture at a size; transparent parts become white.</summary>
    /// <exception cref="InvalidInputException">The file is damaged.</exception>
    public static RgbPixels Of(Picture picture, PixelSize size)
    {
        using var scope = NewDisposeScope();
        using var pixels = new TensorImage(picture.ToTensorOnWhite(size), bitDepth: 8);
        return new RgbPixels(size, pixels.Image.WriteToMemory<byte>());
    }

    /// <summary>One pixel.</summary>
    public (byte Red, byte Green, byte Blue) this[int x, int y]
    {
        get
        {
            var at = (y * Size.Width + x) * 3;
            return (Bytes[at], Bytes[at + 1], Bytes[at + 2]);
        }
    }

    /// <summary>The same with at most 256 colours, dithered.</summary>
    public RgbPixels WithPalette()
    {
        using var image = ToImage();
        // libvips offers quantisation only there
        using var indexed =
            Image.NewFromBuffer(image.PngsaveBuffer(palette: true, q: 100, bitdepth: 8, dither: 1, keep: Enums.ForeignKeep.None));
        using var rgb = indexed.Colourspace(Enums.Interpretation.Srgb);
        return this with { Bytes = rgb.WriteToMemory<byte>() };
    }

    /// <summary>The bytes of a PNG file.</summary>
    public byte[] ToPng()
    {
        using var image = ToImage();
        return image.PngsaveBuffer(keep: Enums.ForeignKeep.None);
    }

    private Image ToImage()
    {
        using var image = Image.NewFromMemory(Bytes, Size.Width, Size.Height, 3, Enums.BandFormat.Uchar);
        return image.Copy(interpretation: Enums.Interpretation.Srgb);
    }
}
