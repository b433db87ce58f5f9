using NeuralStyle.Cli.Tests.Infra;

namespace NeuralStyle.Cli.Tests;

/// <summary>Whatever is wrong with stdout and stderr of the real program, the picture is made, and the exit code is the run's.</summary>
public sealed class BrokenStreamTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public BrokenStreamTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "a POSIX shell redirects the streams");
        TestInputs.WritePhotograph(_folder["content.png"], 64, 48);
        TestInputs.WritePainting(_folder["style.png"], 64, 64);
        TestInputs.WriteWeights(_folder["tiny.npz"]);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("2>&-")]
    [InlineData(">&- 2>&-")]
    [InlineData("<&- >&- 2>&-")]
    [InlineData("2>/dev/full")]
    [InlineData(">/dev/full 2>/dev/full")]
    [InlineData("2>&1 | true")]
    public async Task A_picture_and_a_batch_are_made_whatever_the_streams_are(string streams)
    {
        Assert.SkipUnless(!streams.Contains("/dev/full") || File.Exists("/dev/full"), "there is no /dev/full");
        const string options = "--weights tiny.npz --size 64 --min-size 32 --first-iterations 2 --iterations 2";
        Assert.Equal(0, await Shell($"nst content.png style.png -o out.png {options} {streams}"));
        Assert.Equal(0, await Shell($"nst batch content.png style.png -o made --name b.png {options} {streams}"));
        Assert.Equal(File.ReadAllBytes(_folder["out.png"]), File.ReadAllBytes(_folder["made/b.png"]));
    }

    [Theory]
    [InlineData("nst none.png style.png -o out.png -q 2>&-", 2)]
    [InlineData("nst --no-such-option 2>&-", 2)]
    [InlineData("nst none.png style.png -o out.png -q 2>/dev/full", 2)]
    [InlineData("nst presets >/dev/full", 1)]
    [InlineData("nst presets >&-", 1)]
    [InlineData("nst presets <&- >&-", 1)]
    [InlineData("nst content.png style.png -o - --weights tiny.npz >&-", 1)]
    [InlineData("nst content.png style.png -o - --weights tiny.npz <&- >&- 2>&-", 1)]
    [InlineData("nst presets | head -1", 0)]
    public async Task The_exit_code_is_the_one_of_the_run_and_results_that_cannot_be_printed_are_a_failure(string line, int code)
    {
        Assert.SkipUnless(!line.Contains("/dev/full") || File.Exists("/dev/full"), "there is no /dev/full");
        Assert.Equal(code, await Shell(line));
    }

    private async Task<int> Shell(string line) => (await Nst.FinishAsync(Nst.StartShell(_folder.Root, line))).Code;
}
