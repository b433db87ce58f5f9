using System.Diagnostics;
using NetVips;
using NeuralStyle.Cli.Tests.Infra;

namespace NeuralStyle.Cli.Tests;

/// <summary>Pictures from standard input, pipes and FIFOs, pictures to standard output, and results without a name.</summary>
public sealed class PipeTests : IDisposable
{
    private const string Short = "--weights tiny.npz --size 64 --min-size 64 --first-iterations 2";

    private readonly TempFolder _folder = new();

    public PipeTests()
    {
        TestInputs.WritePhotograph(_folder["content.png"], 64, 48);
        TestInputs.WritePainting(_folder["style.jpg"], 64, 64);
        TestInputs.WriteWeights(_folder["tiny.npz"]);
        File.Copy(_folder["content.png"], _folder["-d.png"]);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("cat content.png | nst - style.jpg -o made.png {0}")]
    [InlineData("cat style.jpg | nst content.png - -o made.png {0}")]
    [InlineData("nst content.png style.jpg -o - {0} > made.png")]
    [InlineData("cat content.png | nst - style.jpg -o - {0} | cat > made.png")]
    [InlineData("nst <(cat content.png) <(cat style.jpg) -o made.png {0}")]
    [InlineData("cat content.png | nst /dev/stdin style.jpg -o made.png {0}")]
    [InlineData("mkfifo f && (cat content.png > f &) && nst f style.jpg -o made.png {0}")]
    [InlineData("nst -o made.png {0} -- -d.png style.jpg")]
    [InlineData("mv content.png 'b[n=-1].png' && nst 'b[n=-1].png' style.jpg -o made.png {0}")]
    [InlineData("mv content.png 'b.png[page=0]' && nst 'b.png[page=0]' style.jpg -o made.png {0}")]
    [InlineData("mv content.png @home.jpg && nst ./@home.jpg style.jpg -o made.png {0}")]
    [InlineData("nst content.png style.jpg -o 'made[1].png' {0} && mv 'made[1].png' made.png")]
    [InlineData("nst content.png style.jpg -q {0} && mv content--style.png made.png")]
    public async Task A_picture_is_the_same_wherever_its_inputs_come_from_and_wherever_it_goes(string script)
    {
        await Succeed("nst content.png style.jpg -o expected.png " + Short);
        await Succeed(string.Format(System.Globalization.CultureInfo.InvariantCulture, script, Short));
        using var expected = Image.NewFromFile(_folder["expected.png"]);
        using var made = Image.NewFromFile(_folder["made.png"]);
        using var difference = (expected - made).Abs();
        Assert.Equal(0, difference.Max());
    }

    [Fact]
    public async Task Masks_and_textures_come_through_pipes_too()
    {
        await Succeed($"cat content.png | nst content.png style.jpg --protect - -o a.png {Short}");
        await Succeed($"cat style.jpg | nst --texture - -o b.png {Short}");
        await Succeed($"nst --texture <(cat style.jpg) -o c.png {Short}");
    }

    [Theory]
    [InlineData("png", "pngload")]
    [InlineData("jpeg", "jpegload")]
    [InlineData("jpg", "jpegload")]
    [InlineData("tiff", "tiffload")]
    [InlineData("webp", "webpload")]
    [InlineData("avif", "heifload")]
    public async Task Standard_output_has_the_format_asked_for_and_nothing_else(string format, string loader)
    {
        var result = await Succeed($"nst content.png style.jpg -o - --format {format} {Short} > made");
        Assert.Contains("wrote standard output, 64x48", result.Error);
        using var made = Image.NewFromFile(_folder["made"]);
        Assert.Equal(loader, made.Get("vips-loader"));
    }

    [Theory]
    [InlineData("nst content.png style.jpg -o x.png --format jpeg", "contradicts -o")]
    [InlineData("nst content.png style.jpg -o - --format psd", "--format")]
    [InlineData("nst content.png style.jpg -o - --save-every 1 | cat", "--save-every")]
    [InlineData("nst content.png style.jpg -o - --show | cat", "--show")]
    [InlineData("nst content.png style.jpg -o - --resume | cat", "--checkpoint")]
    [InlineData("nst content.png style.jpg -o - --format jpeg --bit-depth 16 | cat", "16 bits")]
    [InlineData("cat content.png | nst - - -o x.png", "more than once")]
    [InlineData("cat content.png | nst - style.jpg", "no output")]
    [InlineData("nst - style.jpg -o x.png < /dev/null", "is empty")]
    [InlineData("nst - style.jpg -o x.png < tiny.npz", "not a picture")]
    [InlineData("nst - style.jpg -o x.png <&-", "is closed")]
    [InlineData("cp content.png $'\\xe9.png'; nst ?.png style.jpg -o x.png; code=$?; rm ?.png; exit $code", "not valid UTF-8; rename")]
    [InlineData("nst /dev/stdin style.jpg -o x.png <&-", "is closed")]
    [InlineData("nst content.png style.jpg -o x.png --dpi 0", "--dpi")]
    [InlineData("nst content.png style.jpg -o x.png --dpi big", "--dpi")]
    public async Task What_cannot_work_is_refused_in_one_line(string script, string expected)
    {
        var result = await Shell($"set -o pipefail; {script}", "--weights tiny.npz -q");
        Assert.Equal(2, result.Code);
        Assert.Contains(expected, Assert.Single(result.Complaints));
        Assert.Empty(result.Output);
    }

    [Fact]
    public async Task A_result_without_a_name_lies_beside_the_content_and_replaces_nothing()
    {
        Directory.CreateDirectory(_folder["photos"]);
        File.Copy(_folder["content.png"], _folder["photos/p.png"]);
        foreach (var name in (string[])["p--style.png", "p--style-2.png"])
        {
            var result = await Succeed($"nst photos/p.png style.jpg {Short}");
            Assert.Equal($"photos/{name}\n", result.Output);
            Assert.Contains($"wrote 'photos/{name}'", result.Error);
        }
        File.WriteAllText(_folder["photos/p--style-4.jpg"], "precious");
        Assert.Equal("photos/p--style.jpg\n", (await Succeed($"nst photos/p.png style.jpg --format jpeg {Short}")).Output);
        Assert.Equal("photos/p--style+content.png\n", (await Succeed($"nst photos/p.png style.jpg content.png {Short}")).Output);
        Assert.Equal("style--texture.png\n", (await Succeed($"nst --texture style.jpg {Short}")).Output);
        Assert.Equal("photos/p--style-rerun.png\n", (await Succeed("nst rerun photos/p--style.png")).Output);
        Assert.Equal("photos/p--style-rerun-2.png\n", (await Succeed("nst rerun photos/p--style.png")).Output);
        Assert.Equal("precious", File.ReadAllText(_folder["photos/p--style-4.jpg"]));
    }

    [Fact]
    public async Task A_run_without_a_name_continues_under_the_name_that_it_had()
    {
        await Succeed($"cp content.png content--style.png && cp content.png content--style-2.png.nst-checkpoint");
        var result = await Shell($"nst content.png style.jpg --resume {Short}");
        Assert.Equal(2, result.Code); // that is no checkpoint
        Assert.Contains("content--style-2.png.nst-checkpoint", result.Error);
        Assert.Equal(File.ReadAllBytes(_folder["content.png"]), File.ReadAllBytes(_folder["content--style.png"]));
    }

    [Fact]
    public async Task A_reader_that_goes_away_is_a_failure()
    {
        var result = await Shell($"set -o pipefail; nst content.png style.jpg -o - {Short} | true");
        Assert.Equal(1, result.Code);
        Assert.Contains("cannot be written", result.Error);
    }

    [Theory]
    [InlineData("png", "", 300)]
    [InlineData("jpg", "", 300)]
    [InlineData("tif", "--dpi 240", 240)]
    [InlineData("jpg", "--dpi 72", 72)]
    [InlineData("png", "--dpi 150.5", 150.5)]
    public async Task The_resolution_is_the_one_asked_for_else_what_printers_expect(string extension, string option, double dpi)
    {
        await Succeed($"nst content.png style.jpg -o made.{extension} {option} {Short}");
        AssertDpi($"made.{extension}", dpi);
        await Succeed($"nst rerun made.{extension} -o again.{extension}");
        AssertDpi($"again.{extension}", DpiOf($"made.{extension}"));
    }

    [Fact]
    public async Task A_batch_has_resolutions_too()
    {
        File.WriteAllText(_folder["pairs.csv"], "content,style,output,dpi\ncontent.png,style.jpg,a.png,200\n");
        await Succeed($"nst batch --pairs pairs.csv -o out {Short}");
        AssertDpi("out/a.png", 200);
    }

    private void AssertDpi(string file, double dpi) => Assert.Equal(dpi, DpiOf(file), 1.0);

    private double DpiOf(string file)
    {
        using var image = Image.NewFromFile(_folder[file]);
        return image.Xres * 25.4;
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
}
