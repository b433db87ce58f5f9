using NetVips;
using NeuralStyle.Cli.Tests.Infra;

namespace NeuralStyle.Cli.Tests;

/// <summary>Files that cannot be used: one line, the right exit code, and nothing lost.</summary>
[Collection(CurrentFolder.Name)]
public sealed class BadInputTests : IDisposable
{
    private static readonly string[] s_short = ["--first-iterations", "1", "--iterations", "1", "-q"];
    private readonly TempFolder _folder = new();
    private readonly byte[] _earlier = [1, 2, 3];

    public BadInputTests()
    {
        TestInputs.WritePhotograph(_folder["content.png"], 64, 48);
        TestInputs.WritePainting(_folder["style.jpg"], 64, 64);
        TestInputs.WriteWeights(_folder["tiny.npz"]);
        File.WriteAllBytes(_folder["out.png"], _earlier);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("missing.png", "does not exist")]
    [InlineData("empty.png", "is empty")]
    [InlineData("text.png", "is not a picture")]
    [InlineData("truncated.png", "damaged")]
    [InlineData("folder.png", "is a folder")]
    [InlineData("dangling.png", "is a symbolic link to 'absent.png', which does not exist")]
    [InlineData("dot.png", "at least 16")]
    [InlineData("thread.png", "at least 16")]
    public async Task A_picture_that_cannot_be_used_is_named_and_the_earlier_result_stays(string name, string expected)
    {
        WriteBadPictures();
        foreach (var pictures in (string[][])[[name, "style.jpg"], ["content.png", name]])
        {
            var result = await Run([.. pictures, "-o", "out.png"]);
            AssertRefused(result, 2, expected);
            Assert.Contains(name, result.Error);
        }
    }

    [Theory]
    [InlineData("noise.jpg")]
    [InlineData("noise.png")]
    [InlineData("noise.tif")]
    [InlineData("noise.avif")]
    public async Task Damage_behind_the_header_gives_one_line_and_no_warnings_of_libvips(string name)
    {
        using (var noise = Image.Gaussnoise(300, 200, sigma: 60, mean: 128).Cast(Enums.BandFormat.Uchar))
        using (var colours = noise.Bandjoin(noise.Rot180(), noise.FlipHor()).Copy(interpretation: Enums.Interpretation.Srgb))
            colours.WriteToFile(_folder[name], name.EndsWith(".tif", StringComparison.Ordinal)
                ? new VOption { { "compression", Enums.ForeignTiffCompression.Deflate } }
                : null);
        var bytes = File.ReadAllBytes(_folder[name]);
        if (name == "noise.jpg") bytes = bytes[..(bytes.Length / 2)]; // elsewhere, JPEG is decoded as well as it can be
        else bytes.AsSpan(bytes.Length / 2, 64).Clear();
        File.WriteAllBytes(_folder[name], bytes);
        var result = await Nst.FinishAsync(
            Nst.Start(_folder.Root, [name, "style.jpg", "-o", "out.png", "--weights", "tiny.npz", .. s_short]));
        AssertRefused(result, 2, "damaged");
        Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData("nothing.npz")]
    [InlineData("text.npz")]
    [InlineData("half.npz")]
    public async Task Weights_that_cannot_be_used_are_named(string name)
    {
        File.WriteAllText(_folder["text.npz"], "no weights");
        File.WriteAllBytes(_folder["half.npz"], File.ReadAllBytes(_folder["tiny.npz"])[..3000]);
        var result = await Nst.InAsync(_folder.Root, "content.png", "style.jpg", "-o", "out.png", "--weights", name);
        AssertRefused(result, 2, name);
    }

    [Fact]
    public async Task A_layer_that_the_weights_lack_is_answered_with_the_deepest_one()
    {
        NeuralStyle.Weights.NpzWriter.Write(_folder["short.npz"], NeuralStyle.Testing.TinyNetworks.Random([4, 4]));
        var result = await Run("content.png", "style.jpg", "-o", "out.png", "--weights", "short.npz");
        AssertRefused(result, 2, "the deepest available is relu2_2");
    }

    [Theory]
    [InlineData("content.png")]
    [InlineData("./content.png")]
    [InlineData("link.png")]
    [InlineData("folder/content.png")]
    public async Task The_output_is_never_an_input(string output)
    {
        if (output == "folder/content.png") Directory.CreateSymbolicLink(_folder["folder"], _folder.Root);
        if (output == "link.png") File.CreateSymbolicLink(_folder["link.png"], _folder["content.png"]);
        var before = File.ReadAllBytes(_folder["content.png"]);
        AssertRefused(await Run("content.png", "style.jpg", "-o", output), 2, "also an input");
        Assert.Equal(before, File.ReadAllBytes(_folder["content.png"]));
    }

    [Fact]
    public async Task Intermediate_pictures_are_never_an_input()
    {
        File.Copy(_folder["content.png"], _folder["out-1-0005.png"]);
        AssertRefused(await Run("out-1-0005.png", "style.jpg", "-o", "out.png", "--save-every", "5"), 2, "--save-every");
    }

    [Fact]
    public async Task A_name_too_long_for_the_file_system_is_refused_before_the_run()
    {
        AssertRefused(await Run("content.png", "style.jpg", "-o", new string('a', 240) + ".png"), 2, "expected at most");
    }

    [Fact]
    public async Task A_damaged_heic_is_not_called_an_unknown_format_and_text_is_not_called_heic()
    {
        File.WriteAllBytes(_folder["half.heic"], [0, 0, 0, 24, .. "ftypheic"u8, 0, 0, 0, 0, .. "mif1heic"u8]);
        File.WriteAllText(_folder["text.heic"], "this is a letter, and no picture at all");
        AssertRefused(await Run("half.heic", "style.jpg", "-o", "out.png"), 2, "incomplete HEIC");
        AssertRefused(await Run("text.heic", "style.jpg", "-o", "out.png"), 2, "is not a picture");
    }

    [Theory]
    [InlineData("cuda", "CUDA")]
    [InlineData("gpu", "--device")]
    [InlineData("mps", "--device mps: Apple's GPUs are not supported")]
    public async Task A_device_that_is_not_there_is_an_error(string device, string expected)
    {
        Assert.SkipWhen(device == "cuda" && TorchSharp.torch.cuda_is_available(), "this machine has a CUDA device");
        AssertRefused(await Run("content.png", "style.jpg", "-o", "out.png", "--device", device), 2, expected);
    }

    [Theory]
    [InlineData("--precision tf32")]
    [InlineData("--cudnn-benchmark")]
    public async Task What_only_CUDA_has_is_refused_on_the_CPU(string option) =>
        AssertRefused(await Run(["content.png", "style.jpg", "-o", "out.png", "--device", "cpu", .. option.Split(' ')]), 2,
            $"{option} has no effect on the device cpu");

    [Fact]
    public async Task A_format_that_cannot_hold_the_picture_is_refused_before_the_run()
    {
        var result = await Run("content.png", "style.jpg", "-o", "out.webp", "--size", "20000", "--tile", "64");
        AssertRefused(result, 2, "at most 16383");
    }

    [Fact]
    public async Task A_folder_is_no_output()
    {
        Directory.CreateDirectory(_folder["made.png"]);
        AssertRefused(await Run("content.png", "style.jpg", "-o", "made.png"), 2, "is a folder");
    }

    [Fact]
    public async Task A_full_disk_is_a_failure_that_leaves_the_earlier_result()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Directory.Exists("/dev/shm"), "needs a small file system of its own");
        using var mounted = SmallDisk.TryMount(_folder["disk"], kilobytes: 16);
        Assert.SkipWhen(mounted is null, "mounting needs root");
        File.WriteAllBytes(_folder["disk/out.png"], _earlier);
        var result = await Run("content.png", "style.jpg", "-o", "disk/out.png", "--size", "256", "--no-checkpoint");
        Assert.Equal(1, result.Code);
        Assert.Contains("out.png", result.Complaints[^1]);
        Assert.Equal(["out.png"], Directory.GetFiles(_folder["disk"]).Select(Path.GetFileName));
        Assert.Equal(_earlier, File.ReadAllBytes(_folder["disk/out.png"]));
    }

    [Fact]
    public async Task A_log_that_fills_its_disk_costs_no_picture()
    {
        using var mounted = OperatingSystem.IsLinux() ? SmallDisk.TryMount(_folder["disk"], kilobytes: 8) : null;
        Assert.SkipWhen(mounted is null, "mounting needs root");
        var result = await Nst.FinishAsync(Nst.Start(_folder.Root, "content.png", "style.jpg", "-o", "made.png", "--weights", "tiny.npz",
            "--size", "64", "--first-iterations", "30", "--log", "disk/run.jsonl", "-q"));
        Assert.Equal(0, result.Code);
        Assert.Contains("ends here", Assert.Single(result.Complaints));
        Assert.True(File.Exists(_folder["made.png"]));
    }

    [Fact]
    public async Task A_huge_picture_is_decoded_small()
    {
        using (var huge = Image.Black(20000, 20000, bands: 3)) huge.WriteToFile(_folder["huge.png"], new VOption { { "compression", 1 } });
        using var process = Nst.Start(_folder.Root, "huge.png", "style.jpg", "-o", "out.jpg", "--weights", "tiny.npz", "--size", "64",
            "--min-size", "64", "--first-iterations", "1", "--log", "run.jsonl", "-q");
        var result = await Nst.FinishAsync(process);
        Assert.Equal((0, ""), (result.Code, result.Error));
        var last = System.Text.Json.JsonDocument.Parse(File.ReadLines(_folder["run.jsonl"]).Last()).RootElement;
        // decoded whole it would be 1.2 GB in bytes alone, 4.8 GB in floats
        Assert.InRange(last.GetProperty("peakMemory").GetInt64(), 1, 900L << 20);
    }

    [Theory]
    [InlineData("--weights fifo", "is a FIFO")]
    [InlineData("--weights /dev/zero", "is a FIFO")]
    [InlineData("--weights tiny.npz --resume --checkpoint fifo", "is a FIFO")]
    [InlineData("--weights tiny.npz --resume --checkpoint /dev/zero", "is a FIFO")]
    [InlineData("--weights tiny.npz -o fifo.png", "is a FIFO")]
    public async Task What_must_be_a_file_is_refused_where_it_is_none(string options, string expected)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the kind of a file is asked of Linux");
        using (var make = System.Diagnostics.Process.Start("mkfifo", [_folder["fifo"], _folder["fifo.png"]]))
            await make.WaitForExitAsync(TestContext.Current.CancellationToken);
        AssertRefused(
            await Nst.InAsync(_folder.Root, ["content.png", "style.jpg", "-o", "out.png", .. options.Split(' '), "-q"]), 2, expected);
    }

    private void WriteBadPictures()
    {
        File.WriteAllBytes(_folder["empty.png"], []);
        File.WriteAllText(_folder["text.png"], "not a picture");
        File.WriteAllBytes(_folder["truncated.png"], File.ReadAllBytes(_folder["content.png"])[..^200]);
        Directory.CreateDirectory(_folder["folder.png"]);
        File.CreateSymbolicLink(_folder["dangling.png"], "absent.png");
        TestInputs.WritePhotograph(_folder["dot.png"], 1, 1);
        TestInputs.WritePhotograph(_folder["thread.png"], 1, 5000);
    }

    private Task<NstResult> Run(params string[] args) =>
        Nst.InAsync(_folder.Root, ["--weights", "tiny.npz", .. args, .. s_short]);

    private void AssertRefused(NstResult result, int code, string expected)
    {
        Assert.Contains(expected, Assert.Single(result.Complaints));
        Assert.Equal(code, result.Code);
        Assert.DoesNotContain("   at ", result.Error);
        Assert.Equal(_earlier, File.ReadAllBytes(_folder["out.png"]));
        Assert.DoesNotContain(Directory.GetFiles(_folder.Root), file => file.Contains(".tmp", StringComparison.Ordinal));
    }
}
