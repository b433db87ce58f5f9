using System.Text.Json.Nodes;
using NeuralStyle.Cli.Films;
using NeuralStyle.Cli.Tests.Infra;

namespace NeuralStyle.Cli.Tests.Films;

/// <summary><c>nst video --passes</c>: scenes that are gone through several times.</summary>
public sealed class PassesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public PassesTests()
    {
        TestInputs.WritePainting(_folder["style.jpg"], 64, 64);
        TestInputs.WriteWeights(_folder["tiny.npz"]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_film_that_was_interrupted_in_any_pass_ends_with_the_same_bytes()
    {
        TestFilms.WriteFrames(_folder["in"], 4);
        Assert.Equal(0, (await Nst.RunAsync(Arguments("in", "whole"))).Code);
        Directory.CreateDirectory(_folder["parts"]);
        File.Copy(_folder["whole", FilmState.Name], _folder["parts", FilmState.Name]);
        string[] stops = [".pass01_000003.png", ".pass02_000003.png", "frame_000002.png"]; // passes go forward, backward, forward
        int[] painted = [2, 5, 9];
        foreach (var (stop, done) in stops.Zip(painted))
        {
            Directory.CreateDirectory(_folder["parts", stop]); // in the way of the file
            var stopped = await Nst.RunAsync([.. Arguments("in", "parts"), "--resume"]);
            Assert.Equal(1, stopped.Code);
            Assert.Contains(stop, Assert.Single(stopped.Complaints, line => line.StartsWith("nst: error: ", StringComparison.Ordinal)));
            Directory.Delete(_folder["parts", stop]);
            Assert.Equal(done, new FrameStore(_folder["parts"], 3).Count());
        }
        Assert.True(File.Exists(_folder["parts", ".painting_000001.png"])); // the film has other colours
        var refused = await Nst.RunAsync(Arguments("in", "parts"));
        Assert.Contains("holds 9 painted frames of this film, counting each pass; --resume", refused.Complaints[^1]);
        var resumed = await Nst.RunAsync([.. Arguments("in", "parts"), "--resume"]);
        Assert.Equal(0, resumed.Code);
        Assert.Contains(resumed.Notes, note => note.Contains("9 of 12 frames are painted, counting each pass", StringComparison.Ordinal));
        Same("whole", "parts", 4);
        Assert.Equal([".losses_000001.jsonl", FilmState.Name],
            Directory.GetFiles(_folder["parts"], ".*").Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_film_that_is_killed_in_every_pass_ends_with_the_same_bytes()
    {
        var stopping = TestContext.Current.CancellationToken;
        TestFilms.WriteFrames(_folder["in"], 4);
        Assert.Equal(0, (await Nst.RunAsync(Arguments("in", "whole"))).Code);
        Directory.CreateDirectory(_folder["killed"]);
        var frames = new FrameStore(_folder["killed"], 3);
        foreach (var (painted, delay) in ((int, int)[])[(2, 0), (5, 40), (9, 80)]) // of 4 in each pass
        {
            using var process = Nst.Start(_folder.Root, [.. Arguments("in", "killed"), "--resume"]);
            while (frames.Count() < painted && !process.HasExited) await Task.Delay(5, stopping);
            Assert.False(process.HasExited, "it ended by itself");
            await Task.Delay(delay, stopping); // while a frame is painted, or written
            process.Kill();
            await process.WaitForExitAsync(stopping);
        }
        Assert.InRange(frames.Count(), 9, 12);
        Assert.Equal(0, (await Nst.RunAsync([.. Arguments("in", "killed"), "--resume"])).Code);
        Same("whole", "killed", 4);
        Assert.All((string[])["*.claim*", ".pass*", ".source*", ".painting*"],
            left => Assert.Empty(Directory.GetFiles(_folder["killed"], left)));
    }

    [Fact]
    public async Task Processes_share_the_scenes_of_a_film_with_passes_which_has_a_log_and_a_report()
    {
        TestFilms.NeedFfmpeg();
        TestFilms.Write(_folder["in.mp4"], 5, "-pix_fmt", "yuv420p");
        string[] more = ["--cuts", "4", "--log", _folder["log.jsonl"], "--report", _folder["report.html"]];
        Assert.Equal(0, (await Nst.RunAsync([.. Arguments("in.mp4", "whole"), .. more])).Code);
        var lines = File.ReadAllLines(_folder["log.jsonl"]).Select(line => JsonNode.Parse(line)!).Skip(1)
            .Select(line => ((int)line["pass"]!, (int)line["frame"]!)).Distinct();
        Assert.Equal([(1, 1), (1, 2), (1, 3), (1, 4), (1, 5), (2, 3), (2, 2), (2, 1), (3, 1), (3, 2), (3, 3), (2, 5), (2, 4), (3, 4),
            (3, 5)], lines);
        var report = File.ReadAllText(_folder["report.html"]);
        foreach (var what in (string[])["3 passes", "in the last pass that painted it"]) Assert.Contains(what, report);

        var shared = Enumerable.Range(0, 2)
            .Select(_ => Nst.Start(_folder.Root, [.. Arguments("in.mp4", "shared"), "--cuts", "4", "--resume"])).ToArray();
        Assert.All(await Task.WhenAll(shared.Select(Nst.FinishAsync)), result => Assert.True(result.Code == 0, result.Error));
        Same("whole", "shared", 5);
        Assert.Equal(15, Directory.GetFiles(_folder["shared"], ".losses_*").SelectMany(File.ReadAllLines).Count());
        Assert.All((string[])["*.claim*", ".pass*", ".source*"], left => Assert.Empty(Directory.GetFiles(_folder["shared"], left)));
    }

    private void Same(string one, string other, int count)
    {
        for (var i = 1; i <= count; i++)
            Assert.Equal(File.ReadAllBytes(_folder[one, $"frame_{i:000000}.png"]),
                File.ReadAllBytes(_folder[other, $"frame_{i:000000}.png"]));
        Assert.Equal(count, Directory.GetFiles(_folder[other], "frame_*").Length);
    }

    private string[] Arguments(string film, string output) =>
    [
        "video", _folder[film], _folder["style.jpg"], "-o", _folder[output], "--weights", _folder["tiny.npz"], "--size", "64",
        "--first-iterations", "3", "--iterations", "2", "--frame-iterations", "3", "--passes", "3", "--color", "luminance", "--device",
        "cpu",
    ];
}
