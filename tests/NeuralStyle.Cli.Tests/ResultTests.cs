using NetVips;
using NeuralStyle.Cli.Tests.Infra;

namespace NeuralStyle.Cli.Tests;

/// <summary>Names of pictures and of results, results without a name, and their resolution.</summary>
[Collection(CurrentFolder.Name)]
public sealed class ResultTests : IDisposable
{
    private const string Short = "--weights tiny.npz --size 64 --min-size 64 --first-iterations 2";

    private readonly TempFolder _folder = new();

    public ResultTests()
    {
        TestInputs.WritePhotograph(_folder["content.png"], 64, 48);
        TestInputs.WritePainting(_folder["style.jpg"], 64, 64);
        TestInputs.WriteWeights(_folder["tiny.npz"]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Names_that_mean_something_elsewhere_are_names_of_files()
    {
        await Succeed($"content.png style.jpg -o expected.png {Short}");
        using var expected = Image.NewFromFile(_folder["expected.png"]);
        foreach (var (name, command, output) in ((string, string, string)[])[("-d.png", $"-o 1.png {Short} -- -d.png style.jpg", "1.png"),
            ("b[n=-1].png", $"b[n=-1].png style.jpg -o 2.png {Short}", "2.png"),
            ("b.png[page=0]", $"b.png[page=0] style.jpg -o 3.png {Short}", "3.png"),
            ("@home.jpg", $"./@home.jpg style.jpg -o 4.png {Short}", "4.png"),
            ("e.png", $"e.png style.jpg -o made[1].png {Short}", "made[1].png"),
            ("f.png", $"f.png style.jpg -q {Short}", "f--style.png")])
        {
            File.Copy(_folder["content.png"], _folder[name]);
            await Succeed(command);
            using var made = Image.NewFromBuffer(File.ReadAllBytes(_folder[output]));
            using var difference = (expected - made).Abs();
            Assert.Equal(0, difference.Max());
        }
    }

    [Theory]
    [InlineData("content.png style.jpg -o x.png --format jpeg", "contradicts -o")]
    [InlineData("content.png style.jpg -o x.png --dpi 0", "--dpi")]
    [InlineData("content.png style.jpg -o x.png --dpi big", "--dpi")]
    [InlineData("- - -o x.png", "more than once")]
    public async Task What_cannot_work_is_refused_in_one_line(string command, string expected)
    {
        var result = await Run($"{command} --weights tiny.npz -q");
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
            var result = await Succeed($"photos/p.png style.jpg {Short}");
            Assert.Equal($"photos/{name}\n", result.Output);
            Assert.Contains($"wrote 'photos/{name}'", result.Error);
        }
        File.WriteAllText(_folder["photos/p--style-4.jpg"], "precious");
        Assert.Equal("photos/p--style.jpg\n", (await Succeed($"photos/p.png style.jpg --format jpeg {Short}")).Output);
        Assert.Equal("photos/p--style+content.png\n", (await Succeed($"photos/p.png style.jpg content.png {Short}")).Output);
        Assert.Equal("style--texture.png\n", (await Succeed($"--texture style.jpg {Short}")).Output);
        Assert.Equal("photos/p--style-rerun.png\n", (await Succeed("rerun photos/p--style.png")).Output);
        Assert.Equal("photos/p--style-rerun-2.png\n", (await Succeed("rerun photos/p--style.png")).Output);
        Assert.Equal("precious", File.ReadAllText(_folder["photos/p--style-4.jpg"]));
    }

    [Fact]
    public async Task A_run_without_a_name_continues_under_the_name_that_it_had()
    {
        File.Copy(_folder["content.png"], _folder["content--style.png"]);
        File.Copy(_folder["content.png"], _folder["content--style-2.png.nst-checkpoint"]);
        var result = await Run($"content.png style.jpg --resume {Short}");
        Assert.Equal(2, result.Code); // that is no checkpoint
        Assert.Contains("content--style-2.png.nst-checkpoint", result.Error);
        Assert.Equal(File.ReadAllBytes(_folder["content.png"]), File.ReadAllBytes(_folder["content--style.png"]));
    }

    [Theory]
    [InlineData("png", "", 300)]
    [InlineData("jpg", "", 300)]
    [InlineData("tif", " --dpi 240", 240)]
    [InlineData("jpg", " --dpi 72", 72)]
    [InlineData("png", " --dpi 150.5", 150.5)]
    public async Task The_resolution_is_the_one_asked_for_else_what_printers_expect(string extension, string option, double dpi)
    {
        await Succeed($"content.png style.jpg -o made.{extension}{option} {Short}");
        AssertDpi($"made.{extension}", dpi);
        await Succeed($"rerun made.{extension} -o again.{extension}");
        AssertDpi($"again.{extension}", DpiOf($"made.{extension}"));
    }

    [Fact]
    public async Task A_batch_has_resolutions_too()
    {
        File.WriteAllText(_folder["pairs.csv"], "content,style,output,dpi\ncontent.png,style.jpg,a.png,200\n");
        await Succeed($"batch --pairs pairs.csv -o out {Short}");
        AssertDpi("out/a.png", 200);
    }

    private void AssertDpi(string file, double dpi) => Assert.Equal(dpi, DpiOf(file), 1.0);

    private double DpiOf(string file)
    {
        using var image = Image.NewFromFile(_folder[file]);
        return image.Xres * 25.4;
    }

    private async Task<NstResult> Succeed(string command)
    {
        var result = await Run(command);
        Assert.True(result.Code == 0, result.Error);
        return result;
    }

    private Task<NstResult> Run(string command) => Nst.InAsync(_folder.Root, command.Split(' '));
}
