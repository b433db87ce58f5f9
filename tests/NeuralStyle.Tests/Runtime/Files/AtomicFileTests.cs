using System.Diagnostics;
using NeuralStyle.Runtime.Files;

namespace NeuralStyle.Tests.Runtime.Files;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_failed_write_leaves_the_earlier_file_and_nothing_else()
    {
        File.WriteAllText(_folder["a.txt"], "earlier");
        Assert.Throws<RunFailedException>(() => AtomicFile.Write(_folder["a.txt"], temporary =>
        {
            File.WriteAllText(temporary, "half");
            throw new IOException("No space left on device");
        }));
        Assert.Equal("earlier", File.ReadAllText(_folder["a.txt"]));
        Assert.Single(Directory.GetFiles(_folder.Root));
    }

    [Fact]
    public void Leftovers_of_dead_processes_go_and_those_of_live_ones_and_other_files_stay()
    {
        static string Temporary(string stem, int process) => $".{stem}.{process}-{Guid.NewGuid():N}.tmp.png";
        using var gone = Process.Start(new ProcessStartInfo("dotnet", "--version") { RedirectStandardOutput = true })!;
        gone.WaitForExit();
        using var live = new LiveProcess();
        string[] stay = [Temporary("out", live.Id), Temporary("other", gone.Id), "out.png", ".out.notes.tmp.png", ".out.png"];
        string[] go = [Temporary("out", gone.Id), Temporary("out", Environment.ProcessId)];
        foreach (var name in stay.Concat(go)) File.WriteAllText(_folder[name], "");
        AtomicFile.RemoveLeftovers(_folder["out.png"]);
        Assert.Equal(stay.Order(), Directory.GetFiles(_folder.Root).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void A_leftover_that_is_older_than_the_process_of_its_number_goes()
    {
        using var live = new LiveProcess();
        var name = _folder[$".out.{live.Id}-{Guid.NewGuid():N}.tmp.png"];
        File.WriteAllText(name, "");
        File.SetLastWriteTimeUtc(name, new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        AtomicFile.RemoveLeftovers(_folder["out.png"]);
        Assert.False(File.Exists(name));
    }

    /// <summary>A process that lives until it is disposed of.</summary>
    private sealed class LiveProcess : IDisposable
    {
        private readonly Process _process;

        public LiveProcess()
        {
            Assert.SkipWhen(OperatingSystem.IsWindows(), "there is no sleep");
            _process = Process.Start("sleep", "60");
        }

        public int Id => _process.Id;

        public void Dispose()
        {
            _process.Kill();
            _process.Dispose();
        }
    }
}
