using System.Globalization;
using NeuralStyle.Runtime.Files;

namespace NeuralStyle.Cli.Films;

/// <summary>Frames to make a film of.</summary>
/// <param name="Pattern">Their names, as a pattern of ffmpeg.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Rate">Frames per second.</param>
internal sealed record PaintedFrames(string Pattern, int Count, FrameRate Rate);

/// <summary>Makes a film of the painted frames, with the sound of the source.</summary>
internal static class FilmWriter
{
    private const double Noticeable = 0.001; // seconds

    // up to ffmpeg 5, a full disk at the end of a film does not change the exit code
    private static readonly string[] s_failures =
        ["Error writing trailer", "Error closing file", "Error muxing", "av_interleaved_write_frame"];

    /// <summary>Writes it under a temporary name, makes sure that it is whole, then renames it.</summary>
    /// <param name="output">The film.</param>
    /// <param name="frames">The frames.</param>
    /// <param name="source">The film with the sound; null for none.</param>
    /// <param name="part">The part of it that was painted.</param>
    /// <param name="quality">1 to 100.</param>
    /// <param name="cancellation">Ends the encoding.</param>
    /// <exception cref="RunFailedException">ffmpeg failed; the frames are kept.</exception>
    public static void Write(string output, PaintedFrames frames, FilmInfo? source, FilmPart part, int quality,
        CancellationToken cancellation)
    {
        var format = FilmFormat.Of(output)!;
        AtomicFile.RemoveLeftovers(output);
        AtomicFile.Write(output, temporary =>
        {
            var answer = Ffmpeg.Run("ffmpeg", Arguments(format, temporary, frames, source, part, quality), cancellation);
            var failed = answer.Code != 0 || s_failures.Any(failure => answer.Error.Contains(failure, StringComparison.Ordinal));
            var reason = failed ? FilmInfo.ReasonOf(answer, temporary) : Incomplete(temporary, frames.Count, cancellation);
            if (reason is not null)
                throw new RunFailedException($"ffmpeg cannot write '{output}': {reason}; the frames are kept, and the same command with "
                    + "--resume tries again");
        });
    }

    /// <summary>What a film that was written lacks; null for nothing. The frames are removed after it.</summary>
    private static string? Incomplete(string file, int frames, CancellationToken cancellation)
    {
        var answer = Ffmpeg.Run("ffprobe", ["-v", "error", "-count_packets", "-select_streams", "v:0", "-show_entries",
            "stream=nb_read_packets", "-of", "default=noprint_wrappers=1:nokey=1", Ffmpeg.Name(file)], cancellation);
        if (answer.Code != 0) return $"the film cannot be read again: {FilmInfo.ReasonOf(answer, file)}";
        var count = answer.Output.Trim();
        return count == frames.ToString(CultureInfo.InvariantCulture) ? null : $"it has {count} frames instead of {frames}";
    }

    private static List<string> Arguments(FilmFormat format, string file, PaintedFrames frames, FilmInfo? source, FilmPart part,
        int quality)
    {
        List<string> arguments = ["-v", "error", "-nostdin", "-y"];
        if (source is { Delay: > Noticeable or < -Noticeable } && part.Start == 0)
            arguments.AddRange(["-itsoffset", Seconds(source.Delay)]);
        arguments.AddRange(["-framerate", $"{frames.Rate}", "-start_number", "1", "-i", Ffmpeg.Name(frames.Pattern)]);
        if (source is not null)
        {
            if (part.Start > 0) arguments.AddRange(["-ss", Seconds(part.Start)]);
            if (part.Duration is { } duration) arguments.AddRange(["-t", Seconds(duration)]);
            arguments.AddRange(["-i", Ffmpeg.Name(source.Path)]);
        }
        arguments.AddRange(["-map", "0:v:0"]);
        foreach (var (index, codec) in (source?.Sound ?? []).Index())
        {
            var kept = format.Sound?.Contains(codec) != false;
            arguments.AddRange(["-map", $"1:a:{index}", $"-c:a:{index}", kept ? "copy" : format.SoundEncoder]);
        }
        if (source is not null) arguments.AddRange(["-map_metadata", "1"]);
        // said in the stream, so that every player shows the colours of the frames
        arguments.AddRange(["-vf", "scale=out_color_matrix=bt709:out_range=tv:flags=lanczos+accurate_rnd+full_chroma_int,format=yuv420p",
            "-c:v", format.Encoder, .. format.Options, "-crf", $"{format.RateFactor(quality)}", "-colorspace", "bt709",
            "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv"]);
        if (format.Muxer is "mp4" or "mov") arguments.AddRange(["-movflags", "+faststart"]);
        arguments.AddRange(["-fflags", "+bitexact", "-f", format.Muxer, Ffmpeg.Name(file)]); // no time: the same bytes every time
        return arguments;
    }

    private static string Seconds(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);
}
