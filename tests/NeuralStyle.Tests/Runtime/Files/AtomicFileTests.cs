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

    [Fact]
    public void A_file_that_appears_while_another_is_written_stays_and_the_other_gets_a_free_name()
    {
        File.WriteAllText(_folder["a-2.txt"], "taken");
        var written = AtomicFile.Write(_folder["a.txt"], temporary =>
        {
            File.WriteAllText(temporary, "result");
            File.WriteAllText(_folder["a.txt"], "precious");
        }, keep: true);
        Assert.Equal(_folder["a-3.txt"], written);
        Assert.Equal(("precious", "taken", "result"),
            (File.ReadAllText(_folder["a.txt"]), File.ReadAllText(_folder["a-2.txt"]), File.ReadAllText(written)));
        Assert.Equal(3, Directory.GetFiles(_folder.Root).Length);
        Assert.Equal(_folder["b.txt"], AtomicFile.Write(_folder["b.txt"], temporary => File.WriteAllText(temporary, ""), keep: true));
    }

    [Fact]
    public void Of_many_that_take_one_name_at_once_none_replaces_another()
    {
        var written = new string[40];
        Parallel.For(0, written.Length, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
            written[i] = AtomicFile.Write(_folder["a.txt"], temporary => File.WriteAllText(temporary, $"{i}"), keep: true));
        Assert.Equal(written.Length, written.Distinct().Count());
        Assert.All(written.Index(), entry => Assert.Equal($"{entry.Index}", File.ReadAllText(entry.Item)));
        Assert.Equal(written.Length, Directory.GetFiles(_folder.Root).Length);
    }

    [Fact]
    public void A_check_of_the_folder_that_was_killed_leaves_a_file_that_goes_as_others_do()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Windows removes the file of a killed process itself");
        using var watcher = new FileSystemWatcher(_folder.Root) { EnableRaisingEvents = true };
        var seen = new System.Collections.Concurrent.ConcurrentQueue<string>();
        watcher.Created += (_, change) => seen.Enqueue(change.FullPath);
        AtomicFile.CheckFolder(_folder["out.png"]);
        Assert.True(SpinWait.SpinUntil(() => !seen.IsEmpty, TimeSpan.FromSeconds(10)));
        File.WriteAllText(seen.Single(), ""); // as if it had been killed in between
        AtomicFile.RemoveLeftovers(_folder["out.png"]);
        Assert.Empty(Directory.GetFiles(_folder.Root));
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
