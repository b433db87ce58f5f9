using System.Globalization;
using NeuralStyle.Runtime.Files;

namespace NeuralStyle.Cli.Films;

/// <summary>Makes a film of the painted frames, with the sound of the source.</summary>
internal static class FilmWriter
{
    private const double Noticeable = 0.001; // seconds

    /// <summary>Writes it under a temporary name, then renames it.</summary>
    /// <param name="output">The film.</param>
    /// <param name="frames">The frames' names, as a pattern of ffmpeg.</param>
    /// <param name="rate">Frames per second.</param>
    /// <param name="source">The film with the sound; null for none.</param>
    /// <param name="part">The part of it that was painted.</param>
    /// <param name="quality">1 to 100.</param>
    /// <param name="cancellation">Ends the encoding.</param>
    /// <exception cref="RunFailedException">ffmpeg failed; the frames are kept.</exception>
    public static void Write(string output, string frames, FrameRate rate, FilmInfo? source, FilmPart part, int quality,
        CancellationToken cancellation)
    {
        var format = FilmFormat.Of(output)!;
        AtomicFile.RemoveLeftovers(output);
        AtomicFile.Write(output, temporary =>
        {
            var answer = Ffmpeg.Run("ffmpeg", Arguments(format, temporary, frames, rate, source, part, quality), cancellation);
            if (answer.Code != 0)
                throw new RunFailedException($"ffmpeg cannot write '{output}': {FilmInfo.ReasonOf(answer, temporary)}; the frames are "
                    + "kept, and the same command with --resume tries again");
        });
    }

    private static List<string> Arguments(FilmFormat format, string file, string frames, FrameRate rate, FilmInfo? source, FilmPart part,
        int quality)
    {
        List<string> arguments = ["-v", "error", "-nostdin", "-y"];
        if (source is { Delay: > Noticeable or < -Noticeable } && part.Start == 0)
            arguments.AddRange(["-itsoffset", Seconds(source.Delay)]);
        arguments.AddRange(["-framerate", $"{rate}", "-start_number", "1", "-i", Ffmpeg.Name(frames)]);
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
