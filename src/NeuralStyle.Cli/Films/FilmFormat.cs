namespace NeuralStyle.Cli.Films;

/// <summary>A kind of film that can be written.</summary>
/// <param name="Extension">With the dot.</param>
/// <param name="Muxer">ffmpeg's name.</param>
/// <param name="Encoder">Of the picture.</param>
/// <param name="Options">Options of the encoder.</param>
/// <param name="Loss">Rate factor of the encoder for each point of quality below 100.</param>
/// <param name="Worst">Its largest rate factor.</param>
/// <param name="Sound">Codecs of sound that are copied as they are; others are encoded again; null for all.</param>
/// <param name="SoundEncoder">For the others.</param>
internal sealed record FilmFormat(string Extension, string Muxer, string Encoder, IReadOnlyList<string> Options,
    double Loss, int Worst, IReadOnlyList<string>? Sound, string SoundEncoder)
{
    /// <summary>The result looks like the frames.</summary>
    public const int UsualQuality = 80;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<FilmFormat> All { get; } =
    [
        H264(".mp4", "mp4", ["aac", "mp3", "ac3", "eac3", "alac", "opus"]),
        H264(".m4v", "mp4", ["aac", "mp3", "ac3", "eac3", "alac"]),
        H264(".mov", "mov", ["aac", "mp3", "ac3", "eac3", "alac", "pcm_s16le", "pcm_s16be", "pcm_s24le"]),
        H264(".mkv", "matroska", null),
        new(".webm", "webm", "libvpx-vp9", ["-b:v", "0", "-row-mt", "1"], 1, 63, ["opus", "vorbis"], "libopus"),
    ];

    /// <summary>The rate factor of the encoder (CRF) for a quality of 1 to 100; 80 is 16 for H.264, and 20 for VP9.</summary>
    public int RateFactor(int quality) => (int)Math.Clamp(Math.Round((100 - quality) * Loss), 1, Worst);

    /// <summary>The format of a file name; null for others.</summary>
    public static FilmFormat? Of(string path) =>
        All.FirstOrDefault(format => format.Extension.Equals(Path.GetExtension(path), StringComparison.OrdinalIgnoreCase));

    /// <summary>The extensions, for messages.</summary>
    public static string Names => string.Join(", ", All.Select(format => format.Extension));

    private static FilmFormat H264(string extension, string muxer, IReadOnlyList<string>? sound) =>
        new(extension, muxer, "libx264", ["-preset", "medium"], 0.8, 51, sound, "aac");
}
