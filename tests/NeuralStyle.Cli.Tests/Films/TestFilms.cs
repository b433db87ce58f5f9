using System.Globalization;
using NeuralStyle.Cli.Films;
using NeuralStyle.Cli.Tests.Infra;
using NetVips;

namespace NeuralStyle.Cli.Tests.Films;

/// <summary>Small films made on the spot.</summary>
internal static class TestFilms
{
    /// <summary>Whether ffmpeg is installed; if not, the test is skipped.</summary>
    public static void NeedFfmpeg()
    {
        try
        {
            Ffmpeg.Require();
        }
        catch (RunFailedException)
        {
            Assert.Skip("ffmpeg is not installed");
        }
    }

    /// <summary>Frames of a camera that moves over a photograph: frame_1.png, frame_2.png, ….</summary>
    public static void WriteFrames(string folder, int count, int width = 64, int height = 48, int step = 2)
    {
        Directory.CreateDirectory(folder);
        var wide = Path.Combine(folder, ".wide.png");
        TestInputs.WritePhotograph(wide, width + step * count, height);
        using var picture = Image.NewFromFile(wide);
        for (var i = 0; i < count; i++)
        {
            using var frame = picture.Crop(i * step, 0, width, height);
            frame.WriteToFile(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"frame_{i + 1}.png")));
        }
        File.Delete(wide);
    }

    /// <summary>A film of such frames.</summary>
    /// <param name="path">The film.</param>
    /// <param name="count">Number of frames.</param>
    /// <param name="options">Further options of ffmpeg for the result, or inputs.</param>
    public static void Write(string path, int count, params string[] options) => Write(path, count, 64, 48, options);

    /// <inheritdoc cref="Write(string, int, string[])"/>
    public static void Write(string path, int count, int width, int height, params string[] options)
    {
        var frames = path + ".frames";
        WriteFrames(frames, count, width, height);
        Run(["-framerate", "24000/1001", "-i", Path.Combine(frames, "frame_%d.png"), .. options, path]);
        Directory.Delete(frames, recursive: true);
    }

    /// <summary>Runs ffmpeg.</summary>
    public static void Run(params string[] arguments)
    {
        var answer = Ffmpeg.Run("ffmpeg", ["-v", "error", "-nostdin", "-y", .. arguments]);
        Assert.True(answer.Code == 0, answer.Error);
    }

    /// <summary>Values that ffprobe prints, in its order.</summary>
    public static string[] Probe(string path, string stream, params string[] entries) => Ffmpeg.Run("ffprobe",
        ["-v", "error", "-count_frames", "-select_streams", stream, "-show_entries", $"stream={string.Join(',', entries)}", "-of",
            "default=noprint_wrappers=1", path]).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
