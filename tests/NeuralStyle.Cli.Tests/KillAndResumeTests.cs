using System.Diagnostics;
using NeuralStyle.Cli.Tests.Infra;

namespace NeuralStyle.Cli.Tests;

/// <summary>The real program, killed and continued. Fifty kills at random moments: tests/kill-and-resume.sh.</summary>
[Trait("Depends on", "time or memory")]
public sealed class KillAndResumeTests : IClassFixture<KillAndResumeTests.UninterruptedRun>, IDisposable
{
    private static readonly string[] s_command = ["content.png", "style.jpg", "--weights", "tiny.npz", "--size", "64", "--min-size", "48",
        "--first-iterations", "40", "--iterations", "30", "--device", "cpu", "--threads", "1", "--checkpoint-every", "0", "-o"];
    private readonly UninterruptedRun _whole;
    private readonly TempFolder _folder = new();

    public KillAndResumeTests(UninterruptedRun whole)
    {
        _whole = whole;
        WriteInputs(_folder);
    }

    private string Checkpoint => _folder["out.png.nst-checkpoint"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Killed_twice_and_resumed_the_picture_is_the_same_to_the_byte()
    {
        for (var kill = 1; kill <= 2; kill++)
        {
            using var process = Nst.Start(_folder.Root, [.. s_command, "out.png", "-q", "--resume"]);
            var saved = kill == 1 ? DateTime.MinValue : File.GetLastWriteTimeUtc(Checkpoint);
            while (!process.HasExited && !(File.Exists(Checkpoint) && File.GetLastWriteTimeUtc(Checkpoint) > saved))
                await Task.Delay(1, TestContext.Current.CancellationToken);
            process.Kill(); // SIGKILL: nothing is told, nothing is tidied up
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.False(File.Exists(_folder["out.png"]), "the run ended before it could be killed");
        }
        File.WriteAllText(_folder[$".out.png.999999999-{Guid.NewGuid():N}.tmp.nst-checkpoint"],
            "what a process killed while saving leaves after");

        var result = await Run([.. s_command, "out.png", "--resume"]);
        Assert.Equal(0, result.Code);
        Assert.Contains("nst: note: continuing from 'out.png.nst-checkpoint': scale ", result.Error);
        Assert.Equal(_whole.Picture, File.ReadAllBytes(_folder["out.png"]));
        Assert.Equal(["content.png", "out.png", "style.jpg", "tiny.npz"],
            Directory.GetFiles(_folder.Root).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task After_SIGTERM_resume_refuses_other_settings_and_damage_and_then_goes_on()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "signals are sent with kill");
        var process = Nst.Start(_folder.Root, [.. s_command, "out.png", "-q"]);
        while (!process.HasExited && !File.Exists(Checkpoint)) await Task.Delay(1, TestContext.Current.CancellationToken);
        using (var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]))
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        var stopped = await Nst.FinishAsync(process);
        Assert.Equal(143, stopped.Code);
        Assert.Contains("the picture so far is in 'out.png'; the same command with --resume continues", stopped.Error);

        var other = await Run([.. s_command, "out.png", "-q", "--resume", "--seed", "9"]);
        Assert.Equal((2,
            "nst: error: checkpoint 'out.png.nst-checkpoint' belongs to another run (settings.seed: 0 against 9); give the options and "
                + "files of that run, or start again without --resume"), (other.Code, other.Error.Trim()));

        var intact = File.ReadAllBytes(Checkpoint);
        File.WriteAllBytes(Checkpoint, intact[..^1000]);
        var damaged = await Run([.. s_command, "out.png", "-q", "--resume"]);
        Assert.Equal((2,
            "nst: error: checkpoint 'out.png.nst-checkpoint' is damaged: it is shorter than its tensors; start again without --resume"),
                (damaged.Code, damaged.Error.Trim()));

        File.WriteAllBytes(Checkpoint, intact);
        Assert.Equal(0, (await Run([.. s_command, "out.png", "-q", "--resume"])).Code);
        Assert.Equal(_whole.Picture, File.ReadAllBytes(_folder["out.png"]));
    }

    private static void WriteInputs(TempFolder folder)
    {
        TestInputs.WritePhotograph(folder["content.png"], 96, 64);
        TestInputs.WritePainting(folder["style.jpg"], 80, 80);
        TestInputs.WriteWeights(folder["tiny.npz"]);
    }

    private Task<NstResult> Run(params string[] args) => Nst.FinishAsync(Nst.Start(_folder.Root, args));

    /// <summary>What the picture must be.</summary>
    public sealed class UninterruptedRun : IAsyncLifetime
    {
        public byte[] Picture { get; private set; } = [];

        public async ValueTask InitializeAsync()
        {
            using var folder = new TempFolder();
            WriteInputs(folder);
            Assert.Equal(0, (await Nst.FinishAsync(Nst.Start(folder.Root, [.. s_command, "out.png", "-q", "--no-checkpoint"]))).Code);
            Picture = File.ReadAllBytes(folder["out.png"]);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
