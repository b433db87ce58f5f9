using System.Text.Json;
using NetVips;
using NeuralStyle.Cli.Tests.Infra;

namespace NeuralStyle.Cli.Tests;

/// <summary>What of the inputs is not used is said, in one line each; so is what of a folder.</summary>
[Collection(CurrentFolder.Name)]
public sealed class NoticeTests : IDisposable
{
    private const string Short = "--weights tiny.npz --size 64 --min-size 64 --first-iterations 2";

    private readonly TempFolder _folder = new();

    public NoticeTests()
    {
        TestInputs.WritePhotograph(_folder["content.png"], 64, 48);
        TestInputs.WritePainting(_folder["style.jpg"], 64, 64);
        TestInputs.WriteWeights(_folder["tiny.npz"]);
        using (var page = Image.NewFromFile(_folder["content.png"]))
        using (var pages = page.Join(page, Enums.Direction.Vertical))
            pages.WriteToFile(_folder["pages.tif"], new VOption { { "page_height", page.Height } });
        using (var painting = Image.NewFromFile(_folder["style.jpg"]))
        using (var alpha = (Image.Xyz(64, 64)[0] < 32).Cast(Enums.BandFormat.Uchar))
        using (var half = (painting * alpha / 255).Cast(Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb))
        using (var transparent = half.Bandjoin(alpha))
        {
            half.WriteToFile(_folder["half.png"]); // black at the right
            transparent.WriteToFile(_folder["clear.png"]);
        }
        Directory.CreateDirectory(_folder["photos/more"]);
        Directory.CreateDirectory(_folder["empty"]);
        foreach (var name in (string[])["a.png", "b.PNG", "more/c.png"]) File.Copy(_folder["content.png"], _folder["photos/" + name]);
        foreach (var name in (string[])["photos/d.svg", "photos/e.SVG", "photos/f.cr2", "photos/notes.txt", "photos/README",
            "photos/.hidden", "empty/x.xcf"])
            File.WriteAllText(_folder[name], "no picture that nst reads");
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("pages.tif style.jpg -o out.png", "'pages.tif' has 2 pages or layers; the first is used")]
    [InlineData("content.png clear.png -o out.png", "'clear.png' is partly transparent; transparent parts do not count as style")]
    [InlineData("content.png clear.png -o out.png --color match", "'clear.png' is partly transparent")]
    [InlineData("content.png clear.png -o out.png --color content", "'clear.png' is partly transparent")]
    [InlineData("batch photos clear.png -o out", "'clear.png' is partly transparent")]
    public async Task What_of_a_picture_is_not_used_is_said_once(string command, string expected)
    {
        var result = await Run($"{command} {Short}");
        Assert.Equal(0, result.Code);
        Assert.Contains(expected, Assert.Single(result.Notes, note => note.Contains(expected[..8], StringComparison.Ordinal)));
        Assert.Empty((await Run($"{command} {Short} -q --no-metadata")).Error);
    }

    [Theory]
    [InlineData("photos", "'photos': skipped 1 without extension, 1 .cr2, 2 .svg, 1 .txt, 1 subfolder ('photos/**/*' takes it too)")]
    [InlineData("photos/*", "'photos/*': skipped 1 without extension, 1 .cr2, 2 .svg, 1 .txt")]
    [InlineData("photos/**/*.*", "'photos/**/*.*': skipped 1 .cr2, 2 .svg, 1 .txt")]
    public async Task What_of_a_folder_is_passed_over_is_said(string contents, string expected)
    {
        var result = await Run($"batch {contents} style.jpg -o out --dry-run {Short}");
        Assert.Equal(0, result.Code);
        Assert.Equal("nst: note: " + expected, Assert.Single(result.Notes));
    }

    [Fact]
    public async Task A_folder_without_pictures_says_what_is_there()
    {
        var result = await Run("batch empty style.jpg -o out");
        Assert.Equal(2, result.Code);
        Assert.Contains("'empty' holds no pictures that can be read; there are 1 .xcf; expected JPEG, PNG",
            Assert.Single(result.Complaints));
    }

    [Theory]
    [InlineData("photos style.jpg -o out.png", "nst batch CONTENTS STYLES")]
    [InlineData("*.png style.jpg -o out.png", "nst batch '*.jpg'")]
    public async Task Many_pictures_are_sent_to_the_command_for_them(string command, string expected)
    {
        var result = await Run(command);
        Assert.Equal(2, result.Code);
        Assert.Contains(expected, Assert.Single(result.Complaints));
    }

    [Fact]
    public async Task A_measurement_counts_only_what_can_be_seen_of_a_style_and_says_how_it_was_made()
    {
        var result = await Run("evaluate content.png clear.png content.png --weights tiny.npz --json");
        Assert.Contains("'clear.png' is partly transparent", result.Error);
        var json = JsonDocument.Parse(result.Output).RootElement;
        Assert.Equal(("nst", "replicate", 64, 48), (json.GetProperty("tool").GetString(), json.GetProperty("padding").GetString(),
            json.GetProperty("width").GetInt32(), json.GetProperty("height").GetInt32()));
        Assert.Equal(64, json.GetProperty("weights").GetProperty("sha256").GetString()!.Length);
        using (var painting = Image.NewFromFile(_folder["style.jpg"]))
        using (var seen = painting.Crop(0, 0, 32, 64)) seen.WriteToFile(_folder["seen.png"]);
        var (masked, cut, whole) = (Total(json), await TotalOf("seen.png"), await TotalOf("half.png"));
        Assert.True(Math.Abs(masked - cut) < 0.5 * Math.Abs(whole - cut), $"{masked} should be near {cut}, not {whole}");

        async Task<double> TotalOf(string style)
        {
            var other = await Run($"evaluate content.png {style} content.png --weights tiny.npz --json");
            return Total(JsonDocument.Parse(other.Output).RootElement);
        }

        static double Total(JsonElement json) => json.GetProperty("style").GetProperty("relu1_1").GetProperty("w2").GetDouble();
    }

    [Fact]
    public async Task Every_value_that_presets_print_is_accepted()
    {
        var presets = await Nst.RunAsync("presets");
        var options = presets.Output.Split('\n').Where(line => line.TrimStart().StartsWith("--", StringComparison.Ordinal)).ToArray();
        Assert.True(options.Length >= 5, presets.Output);
        foreach (var line in options)
        {
            var result = await Nst.RunAsync(["absent.png", "absent.jpg", "-o", _folder["x.png"],
                .. line.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
            Assert.Contains("'absent.png' does not exist", Assert.Single(result.Complaints)); // the pictures are opened after all options
        }
    }

    private Task<NstResult> Run(string command) => Nst.InAsync(_folder.Root, command.Split(' '));
}
