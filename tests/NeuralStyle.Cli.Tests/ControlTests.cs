using NetVips;
using NeuralStyle.Cli.Tests.Infra;
using NeuralStyle.Imaging;
using NeuralStyle.Runs;

namespace NeuralStyle.Cli.Tests;

/// <summary>Several styles, masks, colours, textures and reruns.</summary>
[Collection(CurrentFolder.Name)]
public sealed class ControlTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public ControlTests()
    {
        TestInputs.WritePhotograph(_folder["content.png"], 64, 48);
        TestInputs.WritePainting(_folder["style.png"], 64, 64);
        TestInputs.WritePhotograph(_folder["style2.png"], 80, 64);
        TestInputs.WriteWeights(_folder["tiny.npz"]);
        WriteHalves("halves.png", 40, 30);
        WriteHalves("style-halves.png", 64, 64);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_style_of_weight_0_counts_for_nothing()
    {
        await Made("one.png", "content.png", "style.png");
        await Made("two.png", "content.png", "style.png", "style2.png", "--style-weights", "1,0");
        await Made("both.png", "content.png", "style.png", "style2.png", "--style-weights", "1,1");
        Assert.InRange(Difference("one.png", "two.png"), 0, 0.5);
        Assert.True(Difference("one.png", "both.png") > 0.5);
    }

    [Fact]
    public async Task Protected_pixels_are_those_of_the_content()
    {
        await Made("out.png", "content.png", "style.png", "--protect", "halves.png", "--min-size", "64");
        using var difference = (Image.NewFromFile(_folder["out.png"]) - Image.NewFromFile(_folder["content.png"])).Abs();
        Assert.InRange(difference.Crop(36, 0, 28, 48).Max(), 0, 2); // white, on the right
        Assert.True(difference.Crop(0, 0, 28, 48).Avg() > 1);
    }

    [Fact]
    public async Task Masks_give_regions_styles_of_their_own()
    {
        await Made("plain.png", "content.png", "style.png", "style2.png");
        await Made("masked.png", "content.png", "style.png", "style2.png", "--content-mask", "halves.png", "--style-mask",
            "style-halves.png", "--style-mask", "none");
        Assert.True(Difference("plain.png", "masked.png") > 0.5);
    }

    [Fact]
    public async Task With_luminance_the_hues_are_the_contents()
    {
        await Made("style-colours.png", "content.png", "style.png", "--color", "style");
        await Made("luminance.png", "content.png", "style.png", "--color", "luminance");
        double Hue(string name)
        {
            using var ab = Image.NewFromFile(_folder[name]).Colourspace(Enums.Interpretation.Lab).ExtractBand(1, n: 2);
            using var wanted = Image.NewFromFile(_folder["content.png"]).Colourspace(Enums.Interpretation.Lab).ExtractBand(1, n: 2);
            return (ab - wanted).Abs().Avg();
        }
        Assert.True(Hue("luminance.png") < 0.7 * Hue("style-colours.png"), $"{Hue("luminance.png")} {Hue("style-colours.png")}");
    }

    [Fact]
    public async Task More_strength_takes_the_picture_further_from_the_photograph()
    {
        foreach (var strength in (string[])["0", "0.5", "1"])
            await Made($"s{strength}.png", "content.png", "style.png", "--strength", strength, "--iterations", "30", "--first-iterations",
                "30", "--min-size", "64");
        Assert.True(Difference("s0.png", "content.png") < Difference("s0.5.png", "content.png"));
        Assert.True(Difference("s0.5.png", "content.png") < Difference("s1.png", "content.png"));
    }

    [Fact]
    public async Task A_texture_needs_no_content_and_tiles_when_asked()
    {
        await Made("texture.png", "--texture", "style.png", "--tileable", "--size", "64");
        using var texture = Image.NewFromFile(_folder["texture.png"]);
        Assert.Equal((64, 64), (texture.Width, texture.Height));
        var record = RunRecord.FromJson(PictureMetadata.TryRead(_folder["texture.png"])!);
        Assert.Equal((0.0, "texture", NeuralStyle.Vgg.PaddingMode.Circular),
            (record.Settings.ContentWeight, record.Settings.Preset, record.Settings.Padding!.Value));
    }

    [Fact]
    public async Task A_rerun_gives_the_same_bytes_and_takes_overrides()
    {
        await Made("out.png", "content.png", "style.png", "style2.png", "--style-weights", "3,1", "--protect", "halves.png", "--tv", "0.5");
        var again = await Run("rerun", "out.png", "-o", "again.png", "--weights", "tiny.npz", "--threads", "2");
        Assert.Equal(0, again.Code);
        Assert.Equal(File.ReadAllBytes(_folder["out.png"]), File.ReadAllBytes(_folder["again.png"]));

        var smaller = await Run("rerun", "out.png", "--size", "48", "--weights", "tiny.npz");
        Assert.Equal(0, smaller.Code);
        using var picture = Image.NewFromFile(_folder["out-rerun.png"]);
        Assert.Equal(48, picture.Width);
        Assert.Contains("(--weights), up to", smaller.Error);
        var recorded = await Run("rerun", "out.png");
        Assert.Equal("out-rerun-2.png\n", recorded.Output);
        Assert.Contains("(recorded in 'out.png'), up to", recorded.Error);
    }

    [Fact]
    public async Task A_texture_begins_with_noise_and_has_no_content_whatever_the_preset()
    {
        await Made("texture.png", "--texture", "style.png", "--preset", "fast");
        var settings = RunRecord.FromJson(PictureMetadata.TryRead(_folder["texture.png"])!).Settings;
        Assert.Equal(("fast", "noise", 0.0), (settings.Preset, settings.Start.ToString(), settings.ContentWeight));
        await Made("blended.png", "--texture", "style.png", "--preset", "fast", "--init", "style");
        Assert.Equal("style", RunRecord.FromJson(PictureMetadata.TryRead(_folder["blended.png"])!).Settings.Start.ToString());
        Assert.Equal(0, (await Run("rerun", "texture.png", "-o", "again.png", "-p", "best", "-n", "1", "--first-iterations", "1", "--size",
            "64", "-q")).Code);
        settings = RunRecord.FromJson(PictureMetadata.TryRead(_folder["again.png"])!).Settings;
        Assert.Equal(("best", "noise", 0.0), (settings.Preset, settings.Start.ToString(), settings.ContentWeight));
    }

    [Fact]
    public async Task A_rerun_finds_the_weights_beside_the_pictures_and_asks_for_them_otherwise()
    {
        await Made("out.png", "content.png", "style.png");
        var again = await Run("rerun", "out.png", "-o", "again.png", "--threads", "2", "-q");
        Assert.Equal((0, ""), (again.Code, again.Error));
        Assert.Equal(File.ReadAllBytes(_folder["out.png"]), File.ReadAllBytes(_folder["again.png"]));
        File.Delete(_folder["tiny.npz"]);
        Assert.Contains("give their file with --weights", Assert.Single((await Run("rerun", "out.png", "-o", "b.png", "-q")).Complaints));
    }

    [Fact]
    public async Task A_rerun_takes_masks_weights_and_sizes_of_styles_anew()
    {
        await Made("out.png", "content.png", "style.png", "style2.png", "--protect", "halves.png", "--style-size", "48");
        var result = await Run("rerun", "out.png", "-o", "again.png", "-q", "--protect", "none", "--style-weights", "3,1", "--style-scale",
            "0.7",
            "--content-mask", "halves.png", "--style-mask", "style-halves.png", "--style-mask", "none");
        Assert.Equal((0, ""), (result.Code, result.Error));
        var record = RunRecord.FromJson(PictureMetadata.TryRead(_folder["again.png"])!);
        Assert.Null(record.Protect);
        Assert.Null(record.Settings.StyleSize);
        Assert.Equal([3.0, 1.0], record.StyleWeights!);
        Assert.Equal((0.7, "halves.png"), (record.Settings.StyleScale[0], record.ContentMask!.Path));
        Assert.Equal(["style-halves.png", null], record.StyleMasks!.Select(mask => mask?.Path));
    }

    [Fact]
    public async Task A_rerun_takes_the_one_of_two_files_of_a_name_that_was_used()
    {
        await Made("out.png", "content.png", "style.png");
        Directory.CreateDirectory(_folder["archive"]);
        foreach (var name in (string[])["out.png", "style.png", "content.png"]) File.Copy(_folder[name], _folder[$"archive/{name}"]);
        TestInputs.WritePainting(_folder["style.png"], 60, 60);
        var result = await Run("rerun", "archive/out.png", "-o", "again.png", "--threads", "2", "--weights", "tiny.npz", "-q");
        Assert.Equal((0, ""), (result.Code, result.Error));
        using var difference = (Image.NewFromFile(_folder["out.png"]) - Image.NewFromFile(_folder["again.png"])).Abs();
        Assert.Equal(0, difference.Max());
    }

    [Fact]
    public async Task A_rerun_refuses_inputs_that_changed_or_are_gone()
    {
        await Made("out.png", "content.png", "style.png");
        TestInputs.WritePainting(_folder["style.png"], 60, 60);
        var changed = await Run("rerun", "out.png", "--weights", "tiny.npz");
        Assert.Equal(2, changed.Code);
        Assert.Contains("style.png", Assert.Single(changed.Complaints));
        Assert.Equal(0, (await Run("rerun", "out.png", "--weights", "tiny.npz", "--changed-inputs")).Code);
        File.Delete(_folder["style.png"]);
        Assert.Contains("not there", Assert.Single((await Run("rerun", "out.png", "-o", "b.png", "--weights", "tiny.npz")).Complaints));
        Assert.Contains("does not say how it was made", Assert.Single((await Run("rerun", "content.png", "-o", "c.png")).Complaints));
    }

    [Theory]
    [InlineData("content.png style.png --style-weights 1,2", "2 weights for 1 style")]
    [InlineData("content.png style.png --style-weights 0", "not all of them 0")]
    [InlineData("content.png style.png --style-scale 1,2", "2 scales for 1 style")]
    [InlineData("content.png style.png --style-mask halves.png", "needs --content-mask")]
    [InlineData("content.png style.png --content-mask halves.png", "needs a --style-mask")]
    [InlineData("content.png style.png --content-mask halves.png --style-mask halves.png --style-mask halves.png", "2 masks for 1 style")]
    [InlineData("content.png style.png --content-mask halves.png --style-mask black.png", "is in no --style-mask")]
    [InlineData("content.png style.png style2.png --content-mask halves.png --style-mask style-halves.png --style-mask black.png "
        + "--style-weights 0,1", "of a style with a weight")]
    [InlineData("content.png style.png --content-mask black.png --style-mask style-halves.png", "one region only, #000000")]
    [InlineData("content.png style.png --content-mask noise.png --style-mask style-halves.png", "no flat colours")]
    [InlineData("content.png style.png --strength 0.4 --content-weight 0", "no effect")]
    [InlineData("content.png style.png --strength 0.4 --preset texture", "as preset 'texture' has it")]
    [InlineData("content.png style.png --color lumiance", "did you mean 'luminance'?")]
    [InlineData("content.png style.png --strength 2", "--strength is 2")]
    [InlineData("content.png style.png --style-size 64 --style-scale 2", "both given")]
    [InlineData("content.png style.png --tileable", "--tileable needs --texture")]
    [InlineData("content.png --texture style.png", "takes no content")]
    [InlineData("--texture style.png --strength 1", "a texture has no content")]
    [InlineData("--texture style.png --protect halves.png", "both given")]
    [InlineData("--texture style.png --tileable --padding zero", "needs circular padding")]
    [InlineData("content.png style.png --protect missing.png", "missing.png")]
    public async Task Options_that_do_not_fit_get_one_line(string commandLine, string expected)
    {
        using (var black = Image.Black(64, 64, bands: 3)) black.WriteToFile(_folder["black.png"]);
        using (var channel = Image.Gaussnoise(640, 640, sigma: 60, mean: 128, seed: 1))
        using (var second = Image.Gaussnoise(640, 640, sigma: 60, mean: 128, seed: 2))
        using (var third = Image.Gaussnoise(640, 640, sigma: 60, mean: 128, seed: 3))
        using (var noise = channel.Bandjoin(second, third).Cast(Enums.BandFormat.Uchar)) noise.WriteToFile(_folder["noise.png"]);
        var result = await Run([.. commandLine.Split(' '), "-o", "out.png", "--weights", "tiny.npz", "--size", "64", "-q"]);
        Assert.Equal(2, result.Code);
        Assert.Contains(expected, Assert.Single(result.Complaints));
        Assert.False(File.Exists(_folder["out.png"]));
    }

    private void WriteHalves(string name, int width, int height)
    {
        using var halves = (Image.Xyz(width, height)[0] >= width / 2).Cast(Enums.BandFormat.Uchar);
        halves.WriteToFile(_folder[name]);
    }

    private double Difference(string first, string second)
    {
        using var difference = (Image.NewFromFile(_folder[first]) - Image.NewFromFile(_folder[second])).Abs();
        return difference.Avg();
    }

    private async Task Made(string output, params string[] args)
    {
        var result = await Run(["--size", "64", "--iterations", "4", "--first-iterations", "4", "--threads", "2", .. args, "--weights",
            "tiny.npz", "-o", output, "-q"]);
        Assert.Equal((0, ""), (result.Code, result.Error));
    }

    private Task<NstResult> Run(params string[] args) => Nst.InAsync(_folder.Root, args);
}
