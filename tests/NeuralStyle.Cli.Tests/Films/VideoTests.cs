using NeuralStyle.Cli.Films;
using NeuralStyle.Cli.Tests.Infra;
using NetVips;

namespace NeuralStyle.Cli.Tests.Films;

/// <summary><c>nst video</c> on small films, with a small network.</summary>
public sealed class VideoTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public VideoTests()
    {
        TestInputs.WritePainting(_folder["style.jpg"], 64, 64);
        TestInputs.WriteWeights(_folder["tiny.npz"]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_film_keeps_its_length_rate_and_sound()
    {
        TestFilms.NeedFfmpeg();
        TestFilms.Write(_folder["in.mp4"], 4, "-f", "lavfi", "-t", "0.16", "-i", "sine=440", "-pix_fmt", "yuv420p", "-c:a", "aac");
        var result = await Video("in.mp4", "out.mp4");
        Assert.Equal((0, ""), (result.Code, string.Join('\n', Own(result))));
        Assert.Equal(["codec_name=h264", "width=64", "height=48", "pix_fmt=yuv420p", "color_range=tv", "color_space=bt709",
            "color_transfer=bt709", "color_primaries=bt709", "r_frame_rate=24000/1001", "nb_read_frames=4"],
            TestFilms.Probe(_folder["out.mp4"], "v", "codec_name", "width", "height", "pix_fmt", "color_range", "color_space",
                "color_transfer", "color_primaries", "r_frame_rate", "nb_read_frames"));
        Assert.Equal(["codec_name=aac"], TestFilms.Probe(_folder["out.mp4"], "a", "codec_name"));
        Assert.False(Directory.Exists(_folder["out.mp4" + FrameStore.Extension]), "the frames are still there");
    }

    [Fact]
    public async Task Rotation_and_wide_pixels_become_upright_square_pixels_and_odd_sides_even_ones()
    {
        TestFilms.NeedFfmpeg();
        TestFilms.Write(_folder["flat.mp4"], 2, 65, 33, "-c:v", "libx264", "-pix_fmt", "yuv444p", "-vf", "setsar=2/1");
        // up to ffmpeg 5, and since then
        TestFilms.Run("-i", _folder["flat.mp4"], "-c", "copy", "-metadata:s:v", "rotate=90", _folder["in.mp4"]);
        if (FilmInfo.Of(_folder["in.mp4"]).Size == new Imaging.PixelSize(130, 33))
            TestFilms.Run("-display_rotation", "90", "-i", _folder["flat.mp4"], "-c", "copy", _folder["in.mp4"]);
        Assert.Equal(new Imaging.PixelSize(33, 130), FilmInfo.Of(_folder["in.mp4"]).Size);
        var result = await Video("in.mp4", "out.mkv", "--size", "67");
        Assert.Equal(0, result.Code);
        Assert.Equal(["width=18", "height=68", "nb_read_frames=2"],
            TestFilms.Probe(_folder["out.mkv"], "v", "width", "height", "nb_read_frames"));
        Assert.Contains("18x68", string.Join('\n', result.Notes));
    }

    [Fact]
    public async Task A_folder_of_frames_becomes_a_folder_of_frames_in_the_order_of_their_numbers()
    {
        TestFilms.WriteFrames(_folder["in"], 11, step: 1);
        var result = await Video("in", "out/", "--frame-iterations", "1", "--cuts", "2");
        Assert.Equal((0, ""), (result.Code, string.Join('\n', Own(result))));
        Assert.Equal(11, Directory.GetFiles(_folder["out"], "frame_*.png").Length);
        using var frame = Image.NewFromFile(_folder["out", "frame_000011.png"]);
        Assert.Equal((64, 48), (frame.Width, frame.Height));
        Assert.Equal(["frame_1.png", "frame_2.png", "frame_10.png"], ((string[])["frame_10.png", "frame_2.png", "frame_1.png"])
            .OrderBy(PictureFrames.Sortable, StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_interrupted_film_continues_to_the_same_bytes_and_never_mixes_frames()
    {
        TestFilms.WriteFrames(_folder["in"], 4);
        string[] options = ["--color", "luminance", "--cuts", "auto"];
        Assert.Equal(0, (await Video("in", "whole", options)).Code);
        Assert.Equal(0, (await Video("in", "parts", options)).Code);
        // as a kill after the second frame leaves it
        Directory.Move(_folder["parts"], _folder["later"]);
        Directory.CreateDirectory(_folder["parts"]);
        foreach (var name in (string[])["frame_000001.png", "frame_000002.png", ".nst-film.json"])
            File.Copy(_folder["later", name], _folder["parts", name]);
        Assert.Equal(0, (await Video("in", "one", [.. options, "--duration", "0.08"])).Code); // the first two frames of 25 a second
        File.Copy(_folder["one", ".painting_000002.png"], _folder["parts", ".painting_000002.png"]);
        File.WriteAllText(_folder["parts", ".frame_000003.1-0123456789abcdef0123456789abcdef.tmp.png"], "half a frame");

        var refused = await Video("in", "parts", options);
        Assert.Equal(2, refused.Code);
        Assert.Contains("holds 2 painted frames of this film; --resume continues", refused.Complaints[^1]);
        var other = await Video("in", "parts", "--resume", "--strength", "0.3");
        Assert.Equal(2, other.Code);
        Assert.Contains("strength was 0.5 and is 0.3", other.Complaints[^1]);
        var resumed = await Video("in", "parts", [.. options, "--resume"]);
        Assert.Equal(0, resumed.Code);
        Assert.Contains(resumed.Notes, note => note.Contains("continuing after frame 2", StringComparison.Ordinal));
        for (var i = 1; i <= 4; i++)
            Assert.Equal(File.ReadAllBytes(_folder["whole", $"frame_00000{i}.png"]),
                File.ReadAllBytes(_folder["parts", $"frame_00000{i}.png"]));
    }

    [Fact]
    public async Task A_film_of_one_frame_without_sound_is_painted()
    {
        TestFilms.NeedFfmpeg();
        TestFilms.Write(_folder["in.mp4"], 1, "-pix_fmt", "yuv420p");
        Assert.Equal(0, (await Video("in.mp4", "out.mp4")).Code);
        Assert.Equal(["nb_read_frames=1"], TestFilms.Probe(_folder["out.mp4"], "v", "nb_read_frames"));
        Assert.Empty(TestFilms.Probe(_folder["out.mp4"], "a", "codec_name"));
    }

    [Fact]
    public async Task Films_that_cannot_be_painted_get_one_line()
    {
        TestFilms.NeedFfmpeg();
        File.WriteAllText(_folder["text.mp4"], "not a film");
        TestFilms.Run("-f", "lavfi", "-t", "0.1", "-i", "sine=440", "-c:a", "aac", _folder["sound.mp4"]);
        TestFilms.Write(_folder["in.mp4"], 2, "-pix_fmt", "yuv420p");
        TestFilms.Write(_folder["hdr.mkv"], 1, "-pix_fmt", "yuv420p", "-color_trc", "smpte2084");
        await Refused(2, "not a film that ffmpeg can read", "text.mp4", "out.mp4");
        await Refused(2, "has no moving picture", "sound.mp4", "out.mp4");
        await Refused(2, "HDR", "hdr.mkv", "out.mp4");
        await Refused(2, "has no frame there", "in.mp4", "out.mp4", "--start", "50");
        await Refused(2, "is also an input", "in.mp4", "in.mp4");
        Assert.False(File.Exists(_folder["out.mp4"]));
    }

    [Fact]
    public async Task Wrong_usage_gets_one_line()
    {
        TestFilms.WriteFrames(_folder["in"], 1);
        File.WriteAllText(_folder["in", "notes.txt"], "");
        Directory.CreateDirectory(_folder["full"]);
        File.WriteAllText(_folder["full", "precious.png"], "");
        await Refused(2, "does not exist", "missing.mp4", "out/");
        await Refused(2, "expected a film", "in", "out.png");
        await Refused(2, "is not empty", "in", "full");
        await Refused(2, "--frame-iterations is 0", "in", "out/", "--frame-iterations", "0");
        await Refused(2, "is not a frame rate", "in", "out/", "--fps", "0");
        await Refused(2, "is not the number of a frame", "in", "out/", "--cuts", "x");
        await Refused(2, "--start is -1", "in", "out/", "--start", "-1");
        await Refused(2, "no output", "in", null);
    }

    [Fact]
    public async Task Without_ffmpeg_there_is_one_line_with_the_command_that_installs_it()
    {
        File.WriteAllText(_folder["in.mp4"], "");
        var start = Nst.Start(_folder.Root, new Dictionary<string, string> { ["PATH"] = Path.GetDirectoryName(Environment.ProcessPath)! },
            "video", "in.mp4", "style.jpg", "-o", "out.mp4");
        var result = await Nst.FinishAsync(start);
        Assert.Equal(1, result.Code);
        Assert.Contains("films need the program ffmpeg, which is not installed", Assert.Single(result.Complaints));
    }

    private static IEnumerable<string> Own(NstResult result) =>
        result.Complaints.Where(line => !line.Contains("tiny", StringComparison.Ordinal));

    private async Task Refused(int code, string message, string film, string? output, params string[] options)
    {
        var result = await Video(film, output, options);
        Assert.Equal(code, result.Code);
        Assert.Contains(message, Own(result).Last());
        Assert.Single(Own(result));
    }

    private Task<NstResult> Video(string film, string? output, params string[] options) => Nst.RunAsync([
        "video", _folder[film], _folder["style.jpg"], .. output is null ? (string[])[] : ["-o", _folder[output]], "--weights",
        _folder["tiny.npz"], "--size", "64", "--first-iterations", "3", "--iterations", "2", "--frame-iterations", "3", "--device", "cpu",
        .. options]);
}
