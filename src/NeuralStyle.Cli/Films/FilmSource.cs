using System.Globalization;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Imaging;

namespace NeuralStyle.Cli.Films;

/// <summary>The frames of a film, by ffmpeg: upright, with square pixels, in sRGB.</summary>
/// <param name="info">The film.</param>
/// <param name="part">The part that is painted, and its rate.</param>
internal sealed class FilmSource(FilmInfo info, FilmPart part) : IFrameSource
{
    private const int LongestMessage = 64 << 10;

    public string Name => info.Path;

    public PixelSize Size => info.Size;

    public FrameRate Rate => part.Rate ?? info.Rate;

    public FilmInfo? Film => info;

    public string Hash() => FilePath.Sha256(info.Path);

    public IEnumerable<float[]> Read(PixelSize size, Action<string> warn, CancellationToken cancellation)
    {
        using var process = Ffmpeg.Start("ffmpeg", Arguments(size), readsOutput: true);
        using var killed = cancellation.Register(() => Ffmpeg.Kill(process));
        var messages = ReadMessages(process.StandardError);
        try
        {
            var bytes = new byte[3 * size.Pixels];
            var stream = process.StandardOutput.BaseStream;
            var count = 0L;
            for (; stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length; count++) yield return Planes(bytes);
            process.WaitForExit();
            Ffmpeg.ThrowIfStopped(process, cancellation);
            var answer = new FfmpegAnswer(process.ExitCode, "", messages.GetAwaiter().GetResult());
            var reason = FilmInfo.ReasonOf(answer, info.Path);
            if (count == 0)
                throw new InvalidInputException($"'{info.Path}' has no frame{(part.Start > 0 ? " there" : "")} that can be decoded"
                    + (answer.Error.Length == 0 ? "" : $": {reason}"));
            if (answer.Code != 0 || answer.Error.Length > 0)
                warn(string.Create(CultureInfo.InvariantCulture, $"'{info.Path}' is damaged; {count} frames could be decoded: {reason}"));
        }
        finally
        {
            Ffmpeg.Kill(process); // where the caller stops early
        }
    }

    /// <summary>Reads to the end, so that ffmpeg never waits; keeps the first messages.</summary>
    private static async Task<string> ReadMessages(StreamReader reader)
    {
        var kept = new System.Text.StringBuilder();
        while (await reader.ReadLineAsync() is { } line)
        {
            if (kept.Length < LongestMessage) kept.Append(line).Append('\n');
        }
        return kept.ToString();
    }

    private List<string> Arguments(PixelSize size)
    {
        List<string> arguments = ["-v", "error", "-nostdin"];
        if (part.Start > 0) arguments.AddRange(["-ss", Seconds(part.Start)]);
        if (part.Duration is { } duration) arguments.AddRange(["-t", Seconds(duration)]);
        arguments.AddRange(["-i", Ffmpeg.Name(info.Path), "-map", "0:V:0", "-vf", Filters(size), "-r", $"{Rate}", "-f", "rawvideo",
            "-pix_fmt", "rgb24", "-"]);
        return arguments;
    }

    private string Filters(PixelSize size)
    {
        List<string> filters = [];
        if (info.IsInterlaced) filters.Add("yadif");
        if (info.IsVariable || part.Rate is not null) filters.Add($"fps={Rate}"); // by time: sound and picture stay together
        var matrix = info.AssumedMatrix is { } assumed ? $":in_color_matrix={assumed}" : "";
        filters.Add(string.Create(CultureInfo.InvariantCulture,
            $"scale={size.Width}:{size.Height}:flags=lanczos+accurate_rnd+full_chroma_int{matrix}"));
        filters.Add("setsar=1");
        filters.Add($"setpts=N/({Rate})/TB"); // each frame once, whatever its time says
        filters.Add("format=rgb24");
        return string.Join(',', filters);
    }

    /// <summary>Interleaved bytes to planes.</summary>
    private static float[] Planes(byte[] bytes)
    {
        var planes = new float[bytes.Length];
        var plane = bytes.Length / 3;
        for (int i = 0, from = 0; i < plane; i++, from += 3)
        {
            planes[i] = bytes[from] / 255f;
            planes[plane + i] = bytes[from + 1] / 255f;
            planes[2 * plane + i] = bytes[from + 2] / 255f;
        }
        return planes;
    }

    private static string Seconds(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);
}
