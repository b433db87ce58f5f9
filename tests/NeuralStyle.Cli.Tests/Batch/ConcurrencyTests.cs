using System.Diagnostics;
using NeuralStyle.Cli.Batch.Claims;
using NeuralStyle.Cli.Tests.Infra;

namespace NeuralStyle.Cli.Tests.Batch;

/// <summary>Several real processes in one folder: every output is there once, and is what a single process makes.</summary>
[Trait("Depends on", "time or memory")]
public sealed class ConcurrencyTests : IDisposable
{
    private static readonly string[] Slow = ["--weights", "tiny.npz", "--preset", "fast", "--size", "64", "--min-size", "32", "--optimizer",
        "adam", "--style-loss", "gram", "-n", "150", "--first-iterations", "2", "--device", "cpu", "--threads", "1"];
    private const int Pictures = 8;
    private readonly TempFolder _folder = new();

    public ConcurrencyTests()
    {
        Directory.CreateDirectory(_folder["photos"]);
        for (var i = 0; i < Pictures; i++) TestInputs.WritePhotograph(_folder[$"photos/p{i:00}.png"], 48 + 4 * i, 64);
        TestInputs.WritePainting(_folder["x.png"], 64, 64);
        TestInputs.WriteWeights(_folder["tiny.npz"]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_output_is_made_once_though_one_process_is_killed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "SIGKILL and the process table of Linux");
        var victim = Start("out");
        await UntilItClaims(victim);
        Process[] processes = [victim, Start("out"), Start("out")];
        await UntilItClaims(processes[1]);
        await UntilItClaims(victim);
        victim.Kill(); // SIGKILL
        var results = new List<NstResult>();
        foreach (var process in processes) results.Add(await Nst.FinishAsync(process));

        Assert.Equal([137, 0, 0], results.Select(result => result.Code));
        var made = results.SelectMany(result => result.Error.Split('\n'))
            .Where(line => line.Contains(" · made", StringComparison.Ordinal))
            .Select(line => line.Split(' ')[1])
            .ToArray();
        Assert.Equal(made.Distinct().Count(), made.Length);
        var names = Directory.GetFileSystemEntries(_folder["out"]).Select(path => Path.GetFileName(path)).Order().ToArray();
        Assert.Equal(Pictures, names.Count(name => name.EndsWith("__x.png", StringComparison.Ordinal) && !name.StartsWith('.')));
        Assert.DoesNotContain(names, name => name.EndsWith(".claim", StringComparison.Ordinal));

        string[] some = ["photos/p00.png", "photos/p03.png", "photos/p07.png"];
        Assert.Equal(0, (await Nst.FinishAsync(Nst.Start(_folder.Root, ["batch", .. some, "x.png", "-o", "single", .. Slow]))).Code);
        Assert.Equal(3, Directory.GetFiles(_folder["single"]).Length);
        foreach (var path in Directory.GetFiles(_folder["single"]))
            Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(Path.Combine(_folder["out"], Path.GetFileName(path))));
    }

    [Fact]
    public async Task A_claim_left_by_another_machine_is_taken_over_after_a_while()
    {
        Directory.CreateDirectory(_folder["out"]);
        var owner = ProcessIdentity.Current with { Host = "elsewhere" };
        File.WriteAllText(ClaimFile.PathOf(_folder["out/p00__x.png"], 0), owner.ToJson() + "\n000000000001\n");
        var result = await Nst.FinishAsync(
            Nst.Start(_folder.Root, ["batch", "photos/p00.png", "x.png", "-o", "out", "--stale-after", "1", .. Slow]));
        Assert.Equal(0, result.Code);
        Assert.Equal(["p00__x.png"], Directory.GetFileSystemEntries(_folder["out"]).Select(Path.GetFileName));
    }

    private Process Start(string output) => Nst.Start(_folder.Root, ["batch", "photos", "x.png", "-o", output, .. Slow]);

    private async Task UntilItClaims(Process process)
    {
        var mine = $"\"pid\":{process.Id},";
        while (!process.HasExited)
        {
            if (Directory.Exists(_folder["out"]) && Directory.GetFiles(_folder["out"], ".*.claim")
                .Any(path => ClaimFile.TryRead(path)?.Contains(mine, StringComparison.Ordinal) == true)) return;
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
        Assert.Fail("the process ended before it was seen to claim a picture");
    }
}
