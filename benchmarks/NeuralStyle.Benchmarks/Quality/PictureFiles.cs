using NetVips;
using NeuralStyle.Imaging;
using static TorchSharp.torch;

namespace NeuralStyle.Benchmarks.Quality;

/// <summary>Reads pictures for measuring and lays results out side by side.</summary>
internal static class PictureFiles
{
    /// <summary>1×3×H×W in [0, 1] with the long side asked for.</summary>
    public static Tensor Read(string path, int longSide)
    {
        using var picture = Image.Thumbnail(path, longSide, height: longSide, size: Enums.Size.Both);
        using var colour = picture.Colourspace(Enums.Interpretation.Srgb);
        using var opaque = colour.HasAlpha() ? colour.Flatten() : colour.Copy();
        return tensor(opaque.WriteToMemory<byte>())
            .view(1, opaque.Height, opaque.Width, 3)
            .permute(0, 3, 1, 2)
            .to(ScalarType.Float32)
            .div_(255)
            .contiguous();
    }

    /// <summary>Writes rows of pictures of equal height as one file.</summary>
    public static void WriteSheet(string path, IReadOnlyList<IReadOnlyList<Tensor>> rows, int cellHeight)
    {
        using var scope = NewDisposeScope();
        var images = rows.SelectMany(row => row).Select(tensor => ToImage(ImageTensor.Resize(tensor, Cell(tensor, cellHeight)))).ToArray();
        using var sheet = Image.Arrayjoin(images, across: rows.Max(row => row.Count), shim: 4, halign: Enums.Align.Centre,
            valign: Enums.Align.Centre);
        sheet.WriteToFile(path);
        foreach (var image in images) image.Dispose();
    }

    /// <summary>Writes one picture.</summary>
    public static void Write(string path, Tensor image)
    {
        using var picture = ToImage(image);
        picture.WriteToFile(path);
    }

    private static PixelSize Cell(Tensor image, int height) => new((int)(image.shape[3] * height / image.shape[2]), height);

    private static Image ToImage(Tensor image)
    {
        using var bytes = image.squeeze(0).permute(1, 2, 0).mul(255).round().clamp(0, 255).to(ScalarType.Byte).contiguous();
        return Image.NewFromMemoryCopy(bytes.bytes.ToArray(), (int)image.shape[3], (int)image.shape[2], 3, Enums.BandFormat.Uchar)
            .Copy(interpretation: Enums.Interpretation.Srgb);
    }
}
