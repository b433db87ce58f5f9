using NetVips;
using NeuralStyle.Runtime.Files;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Imaging;

/// <summary>Writes tensors as picture files with an sRGB profile: under a temporary name, then renamed.</summary>
public static class PictureWriter
{
    private const int LongestName = 190; // file systems allow 255, and temporary files and checkpoints add to the name
    // pixels from which a JPEG gets standard Huffman codes: for optimised ones, the encoder keeps 6 bytes per pixel
    private const long OptimizedUpTo = 1L << 26;
    private const int PyramidFrom = 8192; // long side in pixels from which a TIFF is written as a tiled pyramid

    /// <summary>Fails early when a path cannot be written: unknown extension, no folder, no permission, a folder of that name.</summary>
    /// <exception cref="InvalidInputException">The path cannot be written.</exception>
    public static void CheckPath(string path, int bitDepth = 8)
    {
        if (Directory.Exists(path)) throw new InvalidInputException($"'{path}' is a folder; expected the name of a picture file");
        PictureFormat.Of(path).Check(path, default, bitDepth);
        var bytes = System.Text.Encoding.UTF8.GetByteCount(System.IO.Path.GetFileName(path));
        if (bytes > LongestName)
            throw new InvalidInputException($"cannot write '{path}': the file's name has {bytes} bytes; expected at most {LongestName}");
        AtomicFile.CheckFolder(path);
    }

    /// <summary>Writes a picture.</summary>
    /// <param name="image">1×3×H×W in [0, 1], on any device.</param>
    /// <param name="path">The file; its extension says the format.</param>
    /// <param name="output">Depth, quality, original, metadata.</param>
    /// <returns>The file that was written: <paramref name="path"/>, or perhaps a free name beside it, with
    /// <see cref="PictureOutput.KeepEarlier"/> or if another program has the earlier file open (Windows).</returns>
    /// <exception cref="InvalidInputException">The format cannot hold the picture, or the folder is not there.</exception>
    /// <exception cref="RunFailedException">Writing failed, for instance because the disk is full.</exception>
    public static string Save(Tensor image, string path, PictureOutput output)
    {
        var format = PictureFormat.Of(path);
        format.Check(path, ImageTensor.SizeOf(image), output.BitDepth);
        CheckDpi(output.DpiInForce);
        using var picture = new WholePicture(image, format, output);
        return AtomicFile.Write(path, temporary =>
        {
            using var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 1 << 20);
            Encode(picture.Image, file, format, output);
        }, output.KeepEarlier, rescue: true);
    }

    /// <summary>
    /// Writes a picture to a stream, for instance standard output: the same bytes as <see cref="Save(Tensor, string, PictureOutput)"/>
    /// writes.
    /// </summary>
    /// <param name="image">1×3×H×W in [0, 1], on any device.</param>
    /// <param name="stream">Need not be seekable; stays open.</param>
    /// <param name="format">The format.</param>
    /// <param name="output">Depth, quality, original, metadata.</param>
    /// <exception cref="InvalidInputException">The format cannot hold the picture.</exception>
    /// <exception cref="RunFailedException">Writing failed, for instance because the reader closed the pipe.</exception>
    public static void Save(Tensor image, Stream stream, PictureFormat format, PictureOutput output)
    {
        format.Check("-", ImageTensor.SizeOf(image), output.BitDepth);
        CheckDpi(output.DpiInForce);
        using var picture = new WholePicture(image, format, output);
        try
        {
            // TIFF goes back and forth
            using var file = new FileStream(Path.GetTempFileName(), FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1 << 20,
                FileOptions.DeleteOnClose);
            Encode(picture.Image, file, format, output);
            file.Position = 0;
            file.CopyTo(stream);
            stream.Flush();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new RunFailedException($"the picture cannot be written: {failure.Message.TrimEnd('.')}", failure);
        }
    }

    /// <summary>Fails unless a resolution can be written.</summary>
    /// <exception cref="InvalidInputException">It is not between 1 and 65535 pixels per inch.</exception>
    public static void CheckDpi(double dpi)
    {
        // JFIF has 16 bits
        if (!(dpi is >= 1 and <= 65_535))
            throw new InvalidInputException(string.Create(System.Globalization.CultureInfo.InvariantCulture,
                $"a resolution of {dpi} pixels per inch cannot be written; expected 1 to 65535"));
    }

    /// <summary>libvips writes through .NET, whose errors say why a write failed; those of libvips do not.</summary>
    private static void Encode(Image picture, Stream file, PictureFormat format, PictureOutput output)
    {
        Exception? broken = null;
        using var target = new TargetCustom();
        long Try(Func<long> action)
        {
            try
            {
                return action();
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                broken ??= failure; // must not pass through native frames
                return -1;
            }
        }
        target.OnWrite += (buffer, length) => Try(() =>
        {
            file.Write(buffer, 0, length);
            return length;
        });
        target.OnRead += (buffer, length) => (int)Try(() => file.Read(buffer, 0, length));
        target.OnSeek += (offset, origin) => Try(() => file.Seek(offset, origin));
        target.OnEnd += () => (int)Try(() =>
        {
            file.Flush();
            return 0;
        });
        try
        {
            picture.WriteToTarget(target, format.Extensions[0], Options(format, new PixelSize(picture.Width, picture.Height), output));
        }
        catch (VipsException failure)
        {
            if (broken is not null) throw broken;
            var reason = failure.Message.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault();
            throw new IOException(reason ?? failure.Message, failure);
        }
        if (broken is not null) throw broken;
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
