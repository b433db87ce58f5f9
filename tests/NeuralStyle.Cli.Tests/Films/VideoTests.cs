using System.Text.Json.Nodes;
using NeuralStyle.Cli.Films;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Cli.Pages;
using NeuralStyle.Cli.Tests.Infra;
using NeuralStyle.Settings;
using NetVips;
using TorchSharp;

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
        // as a kill after the second frame leaves it: here, the third could not be read
        var state = File.ReadAllText(_folder["parts", ".nst-film.json"]);
        Directory.Delete(_folder["parts"], recursive: true);
        TestFilms.WriteFrames(_folder["torn"], 4);
        File.WriteAllText(_folder["torn", "frame_3.png"], "torn");
        Assert.Equal(2, (await Video("torn", "parts", ["--color", "luminance", "--cuts", "none"])).Code);
        File.WriteAllText(_folder["parts", ".nst-film.json"], state);
        Assert.True(File.Exists(_folder["parts", ".painting_000002.png"]));
        File.WriteAllText(_folder["parts", ".frame_000003.1-0123456789abcdef0123456789abcdef.tmp.png"], "half a frame");

        var refused = await Video("in", "parts", options);
        Assert.Equal(2, refused.Code);
        Assert.Contains("holds 2 painted frames of this film; --resume continues", refused.Complaints[^1]);
        var other = await Video("in", "parts", "--resume", "--strength", "0.3");
        Assert.Equal(2, other.Code);
        Assert.Contains("strength was 0.5 and is 0.3", other.Complaints[^1]);
        var resumed = await Video("in", "parts", [.. options, "--resume"]);
        Assert.Equal(0, resumed.Code);
        Assert.Contains(resumed.Notes, note => note.Contains("continuing: 2 of 4 frames are painted", StringComparison.Ordinal));
        for (var i = 1; i <= 4; i++)
            Assert.Equal(File.ReadAllBytes(_folder["whole", $"frame_00000{i}.png"]),
                File.ReadAllBytes(_folder["parts", $"frame_00000{i}.png"]));
        Assert.Equal(state, File.ReadAllText(_folder["parts", ".nst-film.json"])); // with its scenes and its memory budget
        Assert.Empty(Directory.GetFiles(_folder["parts"], ".painting_*"));
        Assert.Empty(Directory.GetFiles(_folder["parts"], "*.claim*"));
    }

    [Fact]
    public async Task Several_processes_share_the_scenes_of_a_film_and_each_frame_is_painted_once()
    {
        TestFilms.NeedFfmpeg();
        TestFilms.Write(_folder["in.mp4"], 8, "-pix_fmt", "yuv420p");
        string[] options = ["--cuts", "4,7", "--frame-iterations", "8"];
        Assert.Equal(0, (await Video("in.mp4", "whole", options)).Code);

        var (first, second) = (Begin("shared"), Begin("shared"));
        var both = await Task.WhenAll(Nst.FinishAsync(first), Nst.FinishAsync(second));
        Assert.All(both, result => Assert.True(result.Code == 0, result.Error));
        Same("shared");
        var lines = Directory.GetFiles(_folder["shared"], ".losses_*").SelectMany(File.ReadAllLines).ToArray();
        Assert.Equal(8, lines.Length);

        // one is killed at its first frame; the other goes on with its scene
        first = Begin("killed");
        while (!File.Exists(_folder["killed", "frame_000001.png"])) await Task.Delay(10, TestContext.Current.CancellationToken);
        first.Kill();
        await first.WaitForExitAsync(TestContext.Current.CancellationToken);
        first.Dispose();
        var refused = await Video("in.mp4", "killed", options);
        Assert.Equal(2, refused.Code);
        var rest = await Nst.FinishAsync(Begin("killed"));
        Assert.True(rest.Code == 0, rest.Error);
        Same("killed");

        System.Diagnostics.Process Begin(string output) =>
            Nst.Start(_folder.Root, [.. Arguments("in.mp4", output), .. options, "--resume"]);

        void Same(string output)
        {
            for (var i = 1; i <= 8; i++)
                Assert.Equal(File.ReadAllBytes(_folder["whole", $"frame_{i:000000}.png"]),
                    File.ReadAllBytes(_folder[output, $"frame_{i:000000}.png"]));
            Assert.Empty(Directory.GetFiles(_folder[output], "*.claim*"));
        }
    }

    [Fact]
    public async Task A_process_that_joins_before_the_first_frame_keeps_what_the_first_one_found()
    {
        TestFilms.WriteFrames(_folder["in"], 2);
        Assert.Equal(0, (await Video("in", "out/")).Code);
        foreach (var frame in Directory.GetFiles(_folder["out"], "frame_*")) File.Delete(frame);
        var state = JsonNode.Parse(File.ReadAllText(_folder["out", FilmState.Name]))!;
        state["budget"] = 123_456_789_012;
        File.WriteAllText(_folder["out", FilmState.Name], state.ToJsonString());
        Assert.Equal(0, (await Video("in", "out/", "--resume")).Code);
        Assert.Equal(123_456_789_012, (long)JsonNode.Parse(File.ReadAllText(_folder["out", FilmState.Name]))!["budget"]!);
        Assert.Equal(2, Directory.GetFiles(_folder["out"], "frame_*").Length);
    }

    [Fact]
    public async Task A_film_has_a_log_a_report_and_a_quality()
    {
        TestFilms.NeedFfmpeg();
        TestFilms.Write(_folder["in.mp4"], 5, "-pix_fmt", "yuv420p");
        string[] options = ["--cuts", "3", "--log", _folder["log.jsonl"], "--report", _folder["report.html"]];
        var result = await Video("in.mp4", "out.mp4", [.. options, "--quality", "95"]);
        Assert.Equal((0, ""), (result.Code, string.Join('\n', Own(result))));
        var lines = File.ReadAllLines(_folder["log.jsonl"]).Select(line => JsonNode.Parse(line)!).ToArray();
        Assert.Equal(("header", "3", 3), ((string?)lines[0]["type"], (string?)lines[0]["cuts"], (int?)lines[0]["film"]!["iterations"]));
        Assert.Equal([1, 2, 3, 4, 5], lines[1..].Select(line => (int)line["frame"]!).Distinct());
        var report = File.ReadAllText(_folder["report.html"]);
        foreach (var what in (string[])["5 frames, 24000/1001 per second", "2 scenes", "Loss of each frame", "temporal", "scene 2",
            "frame 5", "in.mp4", "data-copy"]) Assert.Contains(what, report);
        Assert.Equal(5, report.Split("<div class=\"viewer\"").Length - 1);
        Assert.Equal(0, (await Video("in.mp4", "small.mp4", "--quality", "20")).Code);
        Assert.True(new FileInfo(_folder["small.mp4"]).Length < new FileInfo(_folder["out.mp4"]).Length);

        var kept = await Video("in.mp4", "small.mp4", "--no-clobber");
        Assert.Contains("already exists, and --no-clobber keeps it", Assert.Single(kept.Complaints));
        var nothing = await Video("in.mp4", "small.mp4", "--resume");
        Assert.Equal(0, nothing.Code);
        Assert.Contains("nothing is left to continue", Assert.Single(nothing.Notes));
    }

    [Fact]
    public void The_page_of_a_film_shows_its_frame_beside_the_source_and_a_curve_of_all()
    {
        var hub = new PreviewHub(() => { }, CancellationToken.None);
        var history = new FrameHistory([5, 5]);
        var job = new StyleJob { Content = "style.jpg", Styles = ["style.jpg"], Output = "out.mp4", Settings = new StyleSettings() };
        var run = hub.Begin(job, _ => throw new InvalidOperationException(), (_, _) => { }, history);
        using var frame = torch.rand(1, 3, 48, 64);
        run.Begin(new FramePlace(7, 1, 1, Painted: 6, "1:05 left"), frame);
        history.Add(new FrameLoss(6, 2.5, 3, 0.5, new Dictionary<string, double> { ["style"] = 0.3, ["temporal"] = 0.2 }));
        var film = JsonNode.Parse(PreviewState.Of(hub))!["film"]!;
        Assert.Equal((10, 7, 6, "1:05 left"), ((int)film["frames"]!, (int)film["number"]!, (int)film["painted"]!, (string)film["left"]!));
        using var source = Image.NewFromBuffer(run.Frame!.Source);
        Assert.Equal((64, 48), (source.Width, source.Height));
        Assert.Contains("scene 2", history.Render());
        Assert.Contains("10 frames", history.Render());
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
        foreach (var passes in (string[])["0", "-1", "101"])
            await Refused(2, $"--passes is {passes}; expected 1 to 100", "in", "out/", "--passes", passes);
        await Refused(2, "--passes 'two'", "in", "out/", "--passes", "two");
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

    private Task<NstResult> Video(string film, string? output, params string[] options) =>
        Nst.RunAsync([.. Arguments(film, output), .. options]);

    private string[] Arguments(string film, string? output) =>
    [
        "video", _folder[film], _folder["style.jpg"], .. output is null ? (string[])[] : ["-o", _folder[output]], "--weights",
        _folder["tiny.npz"], "--size", "64", "--first-iterations", "3", "--iterations", "2", "--frame-iterations", "3", "--device", "cpu",
    ];
}
