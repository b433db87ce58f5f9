using NetVips;
using NeuralStyle.Runtime.Files;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Imaging;

/// <summary>How a picture is written.</summary>
public sealed record PictureOutput
{
    /// <summary>Bits per channel: 8 or 16.</summary>
    public int BitDepth { get; init; } = 8;

    /// <summary>Quality of JPEG, WebP and AVIF, 1 to 100.</summary>
    public int Quality { get; init; } = 95;

    /// <summary>The picture whose alpha channel is given back, where the format can hold it; null for none.</summary>
    public Picture? AlphaFrom { get; init; }

    /// <summary>How the picture was made, as JSON; null leaves it out.</summary>
    public string? Metadata { get; init; }
}

/// <summary>Writes tensors as picture files with an sRGB profile: under a temporary name, then renamed.</summary>
public static class PictureWriter
{
    private const int LongestName = 190; // file systems end at 255, and temporary files and checkpoints add to the name
    private const long OptimizedUpTo = 1L << 26; // pixels from which a JPEG has the usual Huffman codes: for codes of its own, the encoder keeps 6 bytes of each pixel
    private const int PyramidFrom = 8192; // long side in pixels from which a TIFF is tiled and carries smaller copies of itself

    /// <summary>Fails early when a path cannot be written: unknown extension, no folder, no permission, a folder of that name.</summary>
    /// <exception cref="InvalidInputException">The path cannot be written.</exception>
    public static void CheckPath(string path, int bitDepth = 8)
    {
        PictureFormat.Of(path).Check(path, default, bitDepth);
        if (Directory.Exists(path)) throw new InvalidInputException($"'{path}' is a folder; expected the name of a picture file");
        AtomicFile.CheckFolder(path);
        var bytes = System.Text.Encoding.UTF8.GetByteCount(System.IO.Path.GetFileName(path));
        if (bytes > LongestName) throw new InvalidInputException($"cannot write '{path}': the file's name has {bytes} bytes; expected at most {LongestName}");
    }

    /// <summary>Writes a picture.</summary>
    /// <param name="image">1×3×H×W in [0, 1], on any device.</param>
    /// <param name="path">The file; its extension says the format.</param>
    /// <param name="output">Depth, quality, alpha, metadata.</param>
    /// <exception cref="InvalidInputException">The format cannot hold the picture, or the folder is not there.</exception>
    /// <exception cref="RunFailedException">Writing failed, for instance because the disk is full.</exception>
    public static void Save(Tensor image, string path, PictureOutput output)
    {
        var format = PictureFormat.Of(path);
        var size = ImageTensor.SizeOf(image);
        format.Check(path, size, output.BitDepth);
        using var colours = new TensorImage(image, output.BitDepth);
        using var alpha = format.Alpha && output.AlphaFrom is { HasAlpha: true } source ? Alpha(source, size, output.BitDepth) : null;
        using var pixels = alpha is null ? colours.Image.Copy() : colours.Image.Bandjoin(alpha.Image);
        using var described = PictureMetadata.Describe(pixels, output.Metadata);
        AtomicFile.Write(path, temporary =>
        {
            try
            {
                described.WriteToFile(temporary, Options(format, size, output));
            }
            catch (VipsException failure)
            {
                var reason = failure.Message.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault();
                throw new IOException(reason ?? failure.Message, failure);
            }
        });
    }

    private static TensorImage Alpha(Picture source, PixelSize size, int bitDepth)
    {
        using var alpha = source.AlphaTensor(size);
        return new TensorImage(alpha, bitDepth);
    }

    private static VOption Options(PictureFormat format, PixelSize size, PictureOutput output)
    {
        var options = new VOption { { "profile", "srgb" } };
        switch (format.Name)
        {
            case "JPEG":
                options.Add("Q", output.Quality);
                options.Add("optimize_coding", size.Pixels <= OptimizedUpTo);
                if (output.Quality >= 90) options.Add("subsample_mode", Enums.ForeignSubsample.Off); // strokes have strong colour edges
                break;
            case "WebP":
            case "AVIF":
                options.Add("Q", output.Quality);
                break;
            case "TIFF":
                options.Add("compression", Enums.ForeignTiffCompression.Deflate);
                options.Add("predictor", Enums.ForeignTiffPredictor.Horizontal);
                options.Add("bigtiff", size.Pixels * 4 * output.BitDepth / 8 > 3_000_000_000);
                if (size.LongSide < PyramidFrom) break;
                options.Add("tile", true);
                options.Add("pyramid", true);
                break;
        }
        return options;
    }
}
