using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using NeuralStyle.Imaging;
using NeuralStyle.Runtime.Files;

namespace NeuralStyle.Cli.Films;

/// <summary>What ffprobe knows of a film.</summary>
/// <param name="Path">The file.</param>
/// <param name="Size">Of the upright picture with square pixels.</param>
/// <param name="Rate">Frames per second.</param>
/// <param name="IsVariable">Whether frames come at varying times.</param>
internal sealed partial record FilmInfo(string Path, PixelSize Size, FrameRate Rate, bool IsVariable)
{
    /// <summary>The matrix to read colours by; null where the film says it.</summary>
    public string? AssumedMatrix { get; init; }

    /// <summary>Whether each frame has two interleaved fields.</summary>
    public bool IsInterlaced { get; init; }

    /// <summary>By how many seconds the picture begins after the sound or the file.</summary>
    public double Delay { get; init; }

    /// <summary>The codecs of its sound.</summary>
    public IReadOnlyList<string> Sound { get; init; } = [];

    private sealed record Probe(IReadOnlyList<ProbeStream>? Streams, ProbeFormat? Format);

    private sealed record ProbeFormat([property: JsonPropertyName("start_time")] string? Start);

    private sealed record ProbeSideData(double? Rotation);

    private sealed record ProbeStream(
        [property: JsonPropertyName("codec_type")] string? Type,
        [property: JsonPropertyName("codec_name")] string? Codec,
        int Width,
        int Height,
        [property: JsonPropertyName("sample_aspect_ratio")] string? Aspect,
        [property: JsonPropertyName("r_frame_rate")] string? BaseRate,
        [property: JsonPropertyName("avg_frame_rate")] string? MeanRate,
        [property: JsonPropertyName("color_space")] string? Matrix,
        [property: JsonPropertyName("color_transfer")] string? Transfer,
        [property: JsonPropertyName("field_order")] string? Fields,
        [property: JsonPropertyName("start_time")] string? Start,
        Dictionary<string, int>? Disposition,
        Dictionary<string, string>? Tags,
        [property: JsonPropertyName("side_data_list")] IReadOnlyList<ProbeSideData>? SideData)
    {
        public bool IsFilm => Type == "video" && Disposition?.GetValueOrDefault("attached_pic") != 1;

        public bool IsOnItsSide
        {
            get
            {
                var turn = SideData?.Select(data => data.Rotation).FirstOrDefault(angle => angle is not null)
                    ?? Number(Tags?.GetValueOrDefault("rotate")) ?? 0;
                return (int)Math.Round(turn / 90) % 2 != 0;
            }
        }
    }

    /// <summary>Makes sure that a film is there, before ffmpeg is asked for.</summary>
    /// <exception cref="InvalidInputException">It is not, or cannot be reached.</exception>
    public static void CheckThere(string path)
    {
        FileFailure.CheckReachable(path);
        if (!File.Exists(path))
            throw new InvalidInputException($"'{path}' does not exist; expected a film, or a folder or a pattern of frames");
    }

    /// <summary>Asks ffprobe.</summary>
    /// <exception cref="InvalidInputException">The file is no film, or one that nst does not paint.</exception>
    public static FilmInfo Of(string path)
    {
        CheckThere(path);
        var answer = Ffmpeg.Run("ffprobe", ["-v", "error", "-show_streams", "-show_format", "-of", "json", Ffmpeg.Name(path)]);
        if (answer.Code != 0) throw new InvalidInputException($"'{path}' is not a film that ffmpeg can read: {ReasonOf(answer, path)}");
        var probe = JsonSerializer.Deserialize<Probe>(answer.Output, new JsonSerializerOptions(JsonSerializerDefaults.Web));
        var film = probe?.Streams?.FirstOrDefault(stream => stream is { IsFilm: true, Width: > 0, Height: > 0 })
            ?? throw new InvalidInputException($"'{path}' has no moving picture; expected a film");
        if (film.Transfer is "smpte2084" or "arib-std-b67")
            throw new InvalidInputException($"'{path}' is an HDR film ({film.Transfer}), which nst does not paint; convert it to SDR "
                + "first, for instance with ffmpeg's filters zscale and tonemap");
        return Of(path, film, probe);
    }

    /// <summary>ffmpeg's reason without the name of the file, which the message has anyway.</summary>
    public static string ReasonOf(FfmpegAnswer answer, string path) =>
        Place().Replace(answer.Reason.Replace($"{Ffmpeg.Name(path)}: ", "", StringComparison.Ordinal), "").TrimEnd('.');

    /// <summary>Where a part of ffmpeg is in its memory, which says nothing, and differs each time.</summary>
    [GeneratedRegex(" @ 0x[0-9a-f]+")]
    private static partial Regex Place();

    private static FilmInfo Of(string path, ProbeStream film, Probe probe)
    {
        var (width, height) = ((double)film.Width, (double)film.Height);
        if (film.Aspect?.Split(':') is [var across, var down] && Number(across) is > 0 and var wide && Number(down) is > 0 and var high)
            width *= wide / high; // wide pixels become more pixels
        if (film.IsOnItsSide) (width, height) = (height, width);
        var (constant, mean) = (FrameRate.TryParse(film.BaseRate), FrameRate.TryParse(film.MeanRate));
        // the base rate of some films is that of their clock
        var rate = constant is { PerSecond: <= 240 } known && (mean is null || known.PerSecond < 1.5 * mean.Value.PerSecond)
            ? known
            : mean ?? FrameRate.Usual;
        return new FilmInfo(path, new PixelSize((int)Math.Round(width), (int)Math.Round(height)), rate,
            IsVariable: mean is { } real && Math.Abs(real.PerSecond / rate.PerSecond - 1) > 1e-3)
        {
            AssumedMatrix = film.Matrix is null or "unknown" or "gbr" ? film.Height >= 720 ? "bt709" : "bt601" : null,
            IsInterlaced = film.Fields is "tt" or "bb" or "tb" or "bt",
            Delay = (Number(film.Start) ?? 0) - (Number(probe.Format?.Start) ?? 0),
            Sound = probe.Streams!.Where(stream => stream.Type == "audio").Select(stream => stream.Codec ?? "").ToArray(),
        };
    }

    private static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null;
}
