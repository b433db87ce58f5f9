using NeuralStyle.Cli.Tests.Infra;

namespace NeuralStyle.Cli.Tests;

/// <summary>Limits of the shell that nothing can work with are named, in one line.</summary>
public sealed class ProcessLimitTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("ulimit -n 48", "only 48 files may be open at once here (ulimit -n)")]
    [InlineData("ulimit -n 64", "only 64 files may be open at once here (ulimit -n)")]
    [InlineData("ulimit -v 4000000", "the address space of this process is limited to 3.81 GiB (ulimit -v)")]
    public async Task The_limit_is_named(string limit, string expected)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "limits of Linux");
        TestInputs.WritePhotograph(_folder["c.png"], 64, 48);
        TestInputs.WriteWeights(_folder["w.npz"]);
        var result = await Nst.FinishAsync(Nst.StartShell(_folder.Root, $"{limit}; nst c.png c.png -o o.png --weights w.npz --size 64 -q"));
        Assert.Equal(1, result.Code);
        Assert.StartsWith("nst: error: " + expected, Assert.Single(result.Error.TrimEnd().Split('\n')));
    }

    [Theory]
    [InlineData(8)]
    [InlineData(10)]
    [InlineData(12)]
    [InlineData(16)]
    public async Task A_limit_of_threads_is_named(int threads)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "needs a user who has no other processes");
        var folder = Path.GetDirectoryName(_folder.Root)!;
        const string Other = "setpriv --reuid=54321 --regid=54321 --clear-groups";
        var readable = await Nst.FinishAsync(Nst.StartShell(folder, $"{Other} nst --version"));
        Assert.SkipUnless(readable.Code == 0, "other users cannot run the program from here");
        var result = await Nst.FinishAsync(Nst.StartShell(folder, $"prlimit --nproc={threads} {Other} nst c.png c.png -o o.png"));
        Assert.Equal(1, result.Code);
        Assert.StartsWith($"nst: error: only {threads} processes and threads of this user may run at once here (ulimit -u)",
            Assert.Single(result.Error.TrimEnd().Split('\n')));
    }

    [Fact]
    public async Task A_current_folder_that_is_gone_is_named()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "other systems keep a folder that is in use");
        var result = await Nst.FinishAsync(Nst.StartShell(_folder.Root, "mkdir gone; cd gone; rmdir ../gone; nst c.png c.png -o o.png"));
        Assert.Equal(2, result.Code);
        Assert.Equal("nst: error: the current folder is not there any more; change to another one", result.Error.TrimEnd());
    }
}
