using NeuralStyle.Cli.Tests.Infra;

namespace NeuralStyle.Cli.Tests;

/// <summary>What nst does when the disk is full.</summary>
[Collection(CurrentFolder.Name)]
public sealed class FullDiskTests : IDisposable
{
    private static readonly string[] s_quick =
        ["--weights", "tiny.npz", "--size", "64", "--min-size", "64", "--first-iterations", "4", "-q"];
    private readonly TempFolder _folder = new();
    private readonly SmallDisk? _disk;

    public FullDiskTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs a small file system of its own");
        _disk = SmallDisk.TryMount(_folder["disk"], kilobytes: 256);
        Assert.SkipWhen(_disk is null, "mounting needs root");
        foreach (var name in (string[])["a", "b", "c"]) TestInputs.WritePhotograph(_folder[$"{name}.png"], 64, 48);
        TestInputs.WritePainting(_folder["style.png"], 64, 64);
        TestInputs.WriteWeights(_folder["tiny.npz"]);
        Directory.CreateDirectory(_folder["disk/out"]);
    }

    public void Dispose()
    {
        _disk?.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(8)]
    public async Task A_batch_ends_with_one_line_leaves_nothing_and_continues_when_there_is_room(int kilobytesFree)
    {
        Fill(kilobytesFree);
        string[] command = ["batch", "?.png", "style.png", "-o", "disk/out", "--stale-after", "2", .. s_quick];
        var full = await Nst.InAsync(_folder.Root, command);
        Assert.Equal(1, full.Code);
        Assert.Contains("No space left", Assert.Single(full.Complaints, line => line.Contains("the batch ends early")));
        Assert.True(full.Complaints.Count <= 2, full.Error); // the other is the summary
        Assert.DoesNotContain(Directory.GetFiles(_folder["disk/out"]), file => !file.EndsWith("__style.png", StringComparison.Ordinal));

        File.Delete(_folder["disk/fill"]);
        var again = await Nst.InAsync(_folder.Root, command);
        Assert.Equal(0, again.Code);
        Assert.Equal(["a__style.png", "b__style.png", "c__style.png"],
            Directory.GetFileSystemEntries(_folder["disk/out"]).Select(path => Path.GetFileName(path)).Order());
    }

    [Fact]
    public async Task An_intermediate_picture_that_cannot_be_written_does_not_end_the_run()
    {
        Directory.CreateDirectory(_folder["out-1-0002.png"]);
        File.WriteAllText(_folder["out-1-0002.png/kept"], "");
        var result = await Nst.InAsync(_folder.Root, ["a.png", "style.png", "-o", "out.png", "--save-every", "2", .. s_quick]);
        Assert.Equal(0, result.Code);
        Assert.Contains("the run continues without this picture", Assert.Single(result.Complaints));
        Assert.True(File.Exists(_folder["out.png"]) && File.Exists(_folder["out-1-0004.png"]));
    }

    [Fact]
    public async Task Intermediate_pictures_and_checkpoints_on_a_full_disk_do_not_end_the_run()
    {
        Fill(0);
        var result = await Nst.InAsync(_folder.Root,
            ["a.png", "style.png", "-o", "disk/out/o.png", "--save-every", "2", "--checkpoint", "disk/out/state", .. s_quick]);
        Assert.Equal(1, result.Code); // the picture itself goes there too
        Assert.Equal(3, result.Complaints.Count);
        Assert.Contains("'disk/out/o.png': No space left", result.Complaints[^1]);
        Assert.Empty(Directory.GetFileSystemEntries(_folder["disk/out"]));
    }

    private void Fill(int kilobytesFree)
    {
        using (var fill = File.Create(_folder["disk/fill"], bufferSize: 0))
        {
            try
            {
                for (var block = new byte[4096]; ;) fill.Write(block);
            }
            catch (IOException)
            {
                fill.SetLength(fill.Length - 1024L * kilobytesFree);
            }
        }
    }
}
