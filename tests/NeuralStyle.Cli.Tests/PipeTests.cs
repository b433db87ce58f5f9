using System.Diagnostics;
using NetVips;
using NeuralStyle.Cli.Tests.Infra;

namespace NeuralStyle.Cli.Tests;

/// <summary>Pictures from standard input, pipes and FIFOs, and pictures to standard output, by a shell with the real program.</summary>
public sealed class PipeTests : IClassFixture<PipeTests.PlainRun>, IDisposable
{
    private const string Short = "--weights tiny.npz --size 64 --min-size 64 --first-iterations 2";

    private readonly TempFolder _folder = new();

    private readonly PlainRun _plain;

    public PipeTests(PlainRun plain)
    {
        _plain = plain;
        WriteInputs(_folder);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("cat content.png | nst - style.jpg -o - {0} > made.png")]
    [InlineData("cat style.jpg | nst content.png - -o - {0} | cat > made.png")]
    [InlineData("nst <(cat content.png) <(cat style.jpg) -o made.png {0}")]
    [InlineData("mkfifo f && (cat style.jpg > f &) && cat content.png | nst /dev/stdin f -o made.png {0}")]
    public async Task A_picture_is_the_same_wherever_its_inputs_come_from_and_wherever_it_goes(string script)
    {
        await Succeed(string.Format(System.Globalization.CultureInfo.InvariantCulture, script, Short));
        using var expected = Image.NewFromBuffer(_plain.Picture);
        using var made = Image.NewFromFile(_folder["made.png"]);
        using var difference = (expected - made).Abs();
        Assert.Equal(0, difference.Max());
    }

    [Theory]
    [InlineData("nst content.png style.jpg", "png", "64x48", "pngload")]
    [InlineData("nst content.png style.jpg", "jpg", "64x48", "jpegload")]
    [InlineData("nst content.png style.jpg", "avif", "64x48", "heifload")]
    [InlineData("cat content.png | nst content.png style.jpg --protect -", "webp", "64x48", "webpload")]
    [InlineData("cat style.jpg | nst --texture -", "jpeg", "64x64", "jpegload")]
    [InlineData("nst --texture <(cat style.jpg)", "tiff", "64x64", "tiffload")]
    public async Task Standard_output_has_the_format_asked_for_and_nothing_else(string script, string format, string size, string loader)
    {
        var result = await Succeed($"{script} -o - --format {format} {Short} > made");
        Assert.Contains($"wrote standard output, {size}", result.Error);
        using var made = Image.NewFromFile(_folder["made"]);
        Assert.Equal(loader, made.Get("vips-loader"));
    }

    [Theory]
    [InlineData("nst content.png style.jpg -o - --format psd", "--format")]
    [InlineData("nst content.png style.jpg -o - --save-every 1 | cat", "--save-every")]
    [InlineData("nst content.png style.jpg -o - --show | cat", "--show")]
    [InlineData("nst content.png style.jpg -o - --resume | cat", "--checkpoint")]
    [InlineData("nst content.png style.jpg -o - --format jpeg --bit-depth 16 | cat", "16 bits")]
    [InlineData("cat content.png | nst - style.jpg", "no output")]
    [InlineData("nst - style.jpg -o x.png < /dev/null", "is empty")]
    [InlineData("nst - style.jpg -o x.png < tiny.npz", "not a picture")]
    [InlineData("nst - style.jpg -o x.png <&-", "is closed")]
    [InlineData("cp content.png $'\\xe9.png'; nst ?.png style.jpg -o x.png; code=$?; rm ?.png; exit $code", "not valid UTF-8; rename")]
    [InlineData("nst /dev/stdin style.jpg -o x.png <&-", "is closed")]
    public async Task What_cannot_work_is_refused_in_one_line(string script, string expected)
    {
        var result = await Shell($"set -o pipefail; {script}", "--weights tiny.npz -q");
        Assert.Equal(2, result.Code);
        Assert.Contains(expected, Assert.Single(result.Complaints));
        Assert.Empty(result.Output);
    }

    [Fact]
    public async Task A_reader_that_goes_away_is_a_failure()
    {
        var result = await Shell($"set -o pipefail; nst content.png style.jpg -o - {Short} | true");
        Assert.Equal(1, result.Code);
        Assert.Contains("cannot be written", result.Error);
    }

    private static void WriteInputs(TempFolder folder)
    {
        TestInputs.WritePhotograph(folder["content.png"], 64, 48);
        TestInputs.WritePainting(folder["style.jpg"], 64, 64);
        TestInputs.WriteWeights(folder["tiny.npz"]);
    }

    private async Task<NstResult> Succeed(string script)
    {
        var result = await Shell(script);
        Assert.True(result.Code == 0, result.Error);
        return result;
    }

    /// <summary>A script of bash in which <c>nst</c> is the built program.</summary>
    private Task<NstResult> Shell(string script, string more = "")
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/bin/bash"), "pipes of a shell");
        var program = $"nst() {{ dotnet '{Path.Combine(AppContext.BaseDirectory, "nst.dll")}' \"$@\" {more}; }}; {script}";
        return Nst.FinishAsync(Process.Start(new ProcessStartInfo("/bin/bash", ["-c", program])
        {
            WorkingDirectory = _folder.Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!);
    }

    /// <summary>What the picture must be.</summary>
    public sealed class PlainRun : IAsyncLifetime
    {
        public byte[] Picture { get; private set; } = [];

        public async ValueTask InitializeAsync()
        {
            using var folder = new TempFolder();
            WriteInputs(folder);
            var result = await Nst.FinishAsync(
                Nst.Start(folder.Root, ["content.png", "style.jpg", "-o", "expected.png", .. Short.Split(' ')]));
            Assert.True(result.Code == 0, result.Error);
            Picture = File.ReadAllBytes(folder["expected.png"]);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
