using System.Diagnostics;
using NeuralStyle.Cli.Tests.Infra;

namespace NeuralStyle.Cli.Tests.Batch;

/// <summary><c>nst batch</c> from end to end, on tiny pictures with a tiny network.</summary>
public sealed class BatchTests : IDisposable
{
    private static readonly string[] Quick = ["--weights", "@tiny.npz", "--preset", "fast", "--size", "64", "--min-size", "32",
        "--optimizer", "adam", "--style-loss", "gram", "-n", "2", "--first-iterations", "2", "--device", "cpu", "--threads", "1"];
    private const string Iterations = "250"; // seconds, in which a signal comes
    private readonly TempFolder _folder = new();

    public BatchTests()
    {
        Directory.CreateDirectory(_folder["photos"]);
        for (var i = 1; i <= 3; i++) TestInputs.WritePhotograph(_folder[$"photos/p{i}.png"], 56 + 8 * i, 64);
        TestInputs.WritePainting(_folder["x.png"], 64, 64);
        TestInputs.WritePainting(_folder["y.png"], 48, 64);
        TestInputs.WriteWeights(_folder["tiny.npz"]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Running_again_makes_only_what_is_missing_or_was_made_otherwise()
    {
        var first = await Run("@photos", "@x.png", "-o", "@out");
        Assert.Equal((0, ""), (first.Code, first.Output));
        Assert.Contains("3 made, 0 up to date, 0 failed", first.Error);
        Assert.Equal(["p1__x.png", "p2__x.png", "p3__x.png"], Outputs());
        var bytes = File.ReadAllBytes(_folder["out/p2__x.png"]);

        Assert.Contains("0 made, 3 up to date, 0 failed", (await Run("@photos", "@x.png", "-o", "@out")).Error);
        File.Delete(_folder["out/p2__x.png"]);
        Assert.Contains("1 made, 2 up to date, 0 failed", (await Run("@photos", "@x.png", "-o", "@out")).Error);
        Assert.Equal(bytes, File.ReadAllBytes(_folder["out/p2__x.png"]));

        TestInputs.WritePhotograph(_folder["photos/p1.png"], 72, 48); // another picture of the same name
        Assert.Contains("1 made, 2 up to date, 0 failed", (await Run("@photos", "@x.png", "-o", "@out")).Error);
        Assert.Contains("3 made, 0 up to date, 0 failed", (await Run("@photos", "@x.png", "-o", "@out", "--seed", "5")).Error);
        Assert.Contains("3 made, 0 up to date, 0 failed", (await Run("@photos", "@x.png", "-o", "@out", "--seed", "5", "--force")).Error);
    }

    [Fact]
    public async Task A_batch_gives_the_bytes_that_single_runs_give()
    {
        Assert.Equal(0, (await Run("@photos", "@x.png", "-o", "@out", "-q")).Code);
        var single = await Nst.RunAsync(Located(["@photos/p2.png", "@x.png", "-o", "@single.png", .. Quick]));
        Assert.Equal(0, single.Code);
        Assert.Equal(File.ReadAllBytes(_folder["single.png"]), File.ReadAllBytes(_folder["out/p2__x.png"]));
    }

    [Fact]
    public async Task One_failure_is_recorded_and_can_be_fed_back()
    {
        File.WriteAllText(_folder["photos/p2.png"], "no picture");
        var result = await Run("@photos", "@?.png", "-o", "@out");
        Assert.Equal(1, result.Code);
        Assert.Contains("4 made, 0 up to date, 2 failed", result.Error);
        Assert.StartsWith($"nst: error: '{_folder["photos/p2.png"]}' is not a picture", result.Complaints[0], StringComparison.Ordinal);
        Assert.EndsWith("; 2 pictures cannot be made", result.Complaints[0], StringComparison.Ordinal);
        Assert.True(result.Error.IndexOf(result.Complaints[0], StringComparison.Ordinal)
            < result.Error.IndexOf("p1__x.png", StringComparison.Ordinal), "before the work");
        Assert.Contains("failed: p2__x.png and 1 more: ", Assert.Single(result.Complaints.Skip(1)));
        Assert.Contains("p2__y.png · failed (see above)", result.Error);
        Assert.Equal(["failures.csv", "p1__x.png", "p1__y.png", "p3__x.png", "p3__y.png"], Outputs());

        TestInputs.WritePhotograph(_folder["photos/p2.png"], 72, 64);
        var again = await Run("--pairs", "@out/failures.csv", "-o", "@out");
        Assert.Equal(0, again.Code);
        Assert.Contains("2 made, 0 up to date, 0 failed", again.Error);
        Assert.Equal(6, Outputs().Length); // failures.csv is gone
        Assert.Contains("0 made, 6 up to date", (await Run("@photos", "@?.png", "-o", "@out")).Error);
    }

    [Fact]
    public async Task A_dry_run_tells_what_is_up_to_date_from_what_would_be_made()
    {
        Assert.Equal(0, (await Run("@photos/p1.png", "@x.png", "-o", "@out")).Code);
        File.WriteAllText(_folder["out/p2__x.png"], "by another program");
        File.WriteAllText(_folder["photos/p4.png"], "no picture");
        string[] Words(NstResult result) =>
            result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')[3]).ToArray();
        var before = Outputs();
        var plan = await Run("@photos", "@x.png", "-o", "@out", "--dry-run");
        Assert.Equal(["up to date", "make again", "make", "unreadable"], Words(plan));
        Assert.Contains("p4.png", Assert.Single(plan.Complaints));
        Assert.Equal(["up to date", "keep", "make", "unreadable"],
            Words(await Run("@photos", "@x.png", "-o", "@out", "--dry-run", "--no-clobber")));
        Assert.Equal(["make again", "make again", "make", "unreadable"],
            Words(await Run("@photos", "@x.png", "-o", "@out", "--dry-run", "--force")));
        Assert.Equal(before, Outputs());
    }

    [Fact]
    public async Task A_pattern_that_the_shell_opened_gives_the_contents_and_the_last_argument_the_styles()
    {
        var result = await Run("@photos/p1.png", "@photos/p2.png", "@x.png", "-o", "@out");
        Assert.Equal(0, result.Code);
        Assert.Equal(["p1__x.png", "p2__x.png"], Outputs());
    }

    [Fact]
    public async Task Several_workers_make_what_one_makes()
    {
        Assert.Equal(0, (await Run("@photos", "@?.png", "-o", "@out", "-q")).Code);
        var two = await Nst.RunAsync(Located(
            ["batch", "@photos", "@?.png", "-o", "@two", "--devices", "cpu,cpu", .. Quick.Where(arg => arg is not ("--device" or "cpu"))]));
        Assert.Equal(0, two.Code);
        foreach (var name in Outputs()) Assert.Equal(File.ReadAllBytes(_folder[$"out/{name}"]), File.ReadAllBytes(_folder[$"two/{name}"]));
        Assert.Equal(6, Directory.GetFileSystemEntries(_folder["two"]).Length);
    }

    [Fact]
    public async Task Shards_do_their_parts_and_no_more()
    {
        Assert.Contains("2 made", (await Run("@photos", "@x.png", "-o", "@out", "--shard", "1/2")).Error);
        Assert.Equal(["p1__x.png", "p3__x.png"], Outputs());
        var variables = new Dictionary<string, string> { ["JOB_COMPLETION_INDEX"] = "1" };
        var second = await Nst.FinishAsync(
            Nst.Start(_folder.Root, variables, Located(["batch", "@photos", "@x.png", "-o", "@out", "--shards", "2", .. Quick])));
        Assert.Contains("1 made", second.Error);
        Assert.Equal(3, Outputs().Length);
    }

    [Fact]
    public async Task Sigterm_asks_to_be_queued_again_and_the_next_start_goes_on_where_this_one_was()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "signals are sent with kill");
        var process = Long("out");
        while (!process.HasExited && !File.Exists(_folder["out/.p1__x.png.nst-checkpoint"]))
            await Task.Delay(10, TestContext.Current.CancellationToken);
        using (var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]))
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        var stopped = await Nst.FinishAsync(process);
        Assert.Equal(75, stopped.Code);
        Assert.Contains("0 made, 0 up to date, 0 failed, 1 left", stopped.Error);
        Assert.Equal([".p1__x.png.nst-checkpoint"], Outputs());

        var resumed = await Nst.FinishAsync(Long("out"));
        Assert.Contains("p1__x.png · continuing from", resumed.Error);
        Assert.Equal(["p1__x.png"], Outputs());
        await Nst.FinishAsync(Long("whole"));
        Assert.Equal(File.ReadAllBytes(_folder["whole/p1__x.png"]), File.ReadAllBytes(_folder["out/p1__x.png"]));
    }

    [Theory]
    [InlineData("no checkpoint at all")]
    [InlineData("")]
    public async Task A_checkpoint_that_cannot_be_continued_from_is_no_failure(string text)
    {
        Directory.CreateDirectory(_folder["out"]);
        File.WriteAllText(_folder["out/.p1__x.png.nst-checkpoint"], text);
        Assert.Contains("3 made, 0 up to date, 0 failed", (await Run("@photos", "@x.png", "-o", "@out")).Error);
        Assert.Equal(["p1__x.png", "p2__x.png", "p3__x.png"], Outputs());
    }

    [Theory]
    [InlineData("--memory 64M", "allow")]
    [InlineData("a content that is gone", "does not exist")]
    public async Task A_checkpoint_outlives_what_is_wrong_for_a_moment(string wrong, string expected)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "signals are sent with kill");
        var process = Long("out");
        while (!process.HasExited && !File.Exists(_folder["out/.p1__x.png.nst-checkpoint"]))
            await Task.Delay(10, TestContext.Current.CancellationToken);
        Nst.Signal(process, "TERM");
        await Nst.FinishAsync(process);
        var state = File.ReadAllBytes(_folder["out/.p1__x.png.nst-checkpoint"]);
        string[] more = wrong.StartsWith('-') ? wrong.Split(' ') : [];
        if (more.Length == 0) File.Move(_folder["photos/p1.png"], _folder["away.png"]);
        File.WriteAllText(_folder["plan.csv"], "content,style\nphotos/p1.png,x.png\n");
        var failed = await Run(["--pairs", "@plan.csv", "-o", "@out", "-n", Iterations, .. more]);
        Assert.Equal(1, failed.Code);
        Assert.Contains(expected, failed.Error);
        Assert.Equal(state, File.ReadAllBytes(_folder["out/.p1__x.png.nst-checkpoint"]));
    }

    private Process Long(string output) =>
        Nst.Start(_folder.Root,
            Located(["batch", "@photos/p1.png", "@x.png", "-o", $"@{output}", .. Quick, "-n", Iterations, "--checkpoint-every", "0"]));

    private string[] Outputs() =>
        Directory.GetFileSystemEntries(_folder["out"]).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal).ToArray();

    private Task<NstResult> Run(params string[] args) => Nst.RunAsync(Located(["batch", .. args, .. Quick]));

    /// <summary>An at sign stands for the test's folder.</summary>
    private string[] Located(string[] args) => args.Select(arg => arg.StartsWith('@') ? _folder[arg[1..]] : arg).ToArray();
}
