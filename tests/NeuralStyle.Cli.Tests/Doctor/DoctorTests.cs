using System.Diagnostics;
using System.Text.Json;
using NeuralStyle.Cli.Doctor;
using NeuralStyle.Cli.Tests.Infra;
using NeuralStyle.Diagnosis;
using NeuralStyle.Imaging;

namespace NeuralStyle.Cli.Tests.Doctor;

/// <summary><c>nst doctor</c> with the real program, whole and damaged.</summary>
public sealed class DoctorTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_whole_program_is_healthy_and_the_home_folder_is_not_named()
    {
        var home = new Dictionary<string, string> { ["HOME"] = _folder.Root, ["XDG_DATA_HOME"] = "", ["NST_WEIGHTS"] = "" };
        var result = await Nst.FinishAsync(Nst.Start(_folder.Root, home, "doctor", "--json"));
        Assert.Equal((0, ""), (result.Code, result.Error));
        var report = JsonDocument.Parse(Assert.Single(result.Output.TrimEnd().Split('\n'))).RootElement;
        Assert.True(report.GetProperty("isHealthy").GetBoolean());
        Assert.Equal("2.10.0", report.GetProperty("libtorch").GetProperty("version").GetString());
        Assert.Equal(Environment.ProcessorCount, report.GetProperty("processor").GetProperty("cores").GetInt32());
        var codecs = report.GetProperty("pictures").GetProperty("codecs").EnumerateArray().ToArray();
        Assert.Equal(PictureKind.All.Count(kind => kind.Reader != PictureReader.None), codecs.Length);
        Assert.All(codecs, codec => Assert.True(codec.GetProperty("reads").GetBoolean(), $"{codec}"));
        Assert.Equal(PictureFormat.All.Count, codecs.Count(codec => codec.GetProperty("writes").ValueKind == JsonValueKind.True));
        if (OperatingSystem.IsLinux())
            Assert.Equal("~/.local/share/nst/weights", report.GetProperty("weights").GetProperty("folder").GetString());
        Assert.DoesNotContain(_folder.Root, result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_its_native_libraries_it_says_so_and_what_to_do()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the files have other names there");
        var program = AppContext.BaseDirectory.TrimEnd('/');
        using (var copy = Process.Start("sh", ["-c", $"cp -al '{program}' '{_folder["p"]}' || cp -a '{program}' '{_folder["p"]}'"]))
            await copy.WaitForExitAsync(TestContext.Current.CancellationToken);
        foreach (var name in (string[])["libtorch_cpu.so", "libvips.so.42"])
        {
            var files = Directory.GetFiles(_folder["p"], name, SearchOption.AllDirectories);
            Assert.NotEmpty(files);
            foreach (var file in files) File.Delete(file);
        }
        File.WriteAllText(_folder["p/vgg19.npz"], "no network");
        var result = await Nst.FinishAsync(Process.Start(new ProcessStartInfo("dotnet", [_folder["p/nst.dll"], "doctor"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["NST_WEIGHTS"] = _folder["p/vgg19.npz"] },
        })!);
        Assert.Equal((1, ""), (result.Code, result.Error));
        Assert.Matches(@"(?m)^broken: libtorch does not work: .*libtorch_cpu\.so", result.Output);
        Assert.Matches(@"(?m)^broken: libvips does not load: .*libvips", result.Output);
        Assert.Matches(@"(?m)^broken: .*vgg19\.npz", result.Output);
        Assert.DoesNotContain("nothing is broken", result.Output);
        Assert.Equal(result.Output.Split("\n  → ").Length - 1, result.Output.Split('\n').Count(line => line.Length > 0
            && ((string[])["broken", "missing", "advice"]).Any(word => line.StartsWith(word + ": ", StringComparison.Ordinal))));
    }

    [Fact]
    public async Task A_part_that_ends_its_process_is_a_finding()
    {
        var facts = await ProbeProcess.Ask("nonsense", reason => new TorchFacts(reason));
        const string expected = "it ends the process that loads it (exit code 2): nst: error: part 'nonsense'";
        Assert.StartsWith(expected, facts.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/home/ann/x", "/home/ann", "~/x")]
    [InlineData("in '/home/ann'; and /home/ann/nst/.", "/home/ann", "in '~'; and ~/nst/.")]
    [InlineData("/home/anna/x", "/home/ann", "/home/anna/x")]
    [InlineData("/home/ann-2/x", "/home/ann", "/home/ann-2/x")]
    [InlineData(@"C:\Users\Ann\nst", @"C:\Users\Ann", @"~\nst")]
    [InlineData("/tmp", "/", "/tmp")]
    [InlineData("/tmp", "", "/tmp")]
    public void The_home_folder_is_written_as_a_tilde(string text, string home, string expected) =>
        Assert.Equal(expected, HomeFolder.Hide(text, home));
}
