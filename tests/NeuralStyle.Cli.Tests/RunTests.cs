using System.Text.Json;
using NetVips;
using NeuralStyle.Cli.Tests.Infra;
using NeuralStyle.Imaging;
using NeuralStyle.Runs;
using NeuralStyle.Settings;

namespace NeuralStyle.Cli.Tests;

/// <summary>What runs and measurements of small pictures say and write.</summary>
[Collection(CurrentFolder.Name)]
public sealed class RunTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly string[] _quick;

    public RunTests()
    {
        TestInputs.WritePhotograph(_folder["content.png"], 96, 64);
        TestInputs.WritePainting(_folder["style.jpg"], 80, 80);
        TestInputs.WriteWeights(_folder["tiny.npz"]);
        _quick = ["content.png", "style.jpg", "--weights", "tiny.npz", "--size", "96", "--min-size", "48", "--scale-step", "1.4142",
            "--first-iterations", "6", "--iterations", "4", "--device", "cpu"];
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_does_not_fit_is_told_before_anything_is_computed()
    {
        var result = await Run([.. _quick, "-o", "out.png", "--size", "4000", "--memory", "300M"]);
        Assert.Equal(2, result.Code);
        Assert.Contains("even in tiles", result.Complaints[^1]);
        Assert.Contains("4000x2667 pixels", result.Complaints[^1]); // what was asked for, not a scale on the way
        Assert.False(File.Exists(_folder["out.png"]));
    }

    [Fact]
    public async Task Tiles_are_told_with_verbose()
    {
        var result = await Run([.. _quick, "-o", "out.png", "--tile", "64", "--verbose"]);
        Assert.Equal(0, result.Code);
        Assert.Contains("96x64 pixels in tiles of 64 pixels", result.Error);
    }

    [Fact]
    public async Task Options_behind_a_response_file_override_it()
    {
        File.WriteAllLines(_folder["mine.txt"], ["--size", "64", "--first-iterations", "1"]);
        var result = await Run([.. _quick, "-o", "out.png", "@mine.txt", "--size", "48"]);
        Assert.Equal(0, result.Code);
        using var image = Image.NewFromFile(_folder["out.png"]);
        Assert.Equal((48, 32), (image.Width, image.Height));
        Assert.Contains("iteration 1/1", result.Error);
    }

    [Fact]
    public async Task With_patience_scales_end_early_and_the_lines_the_log_and_the_picture_say_so()
    {
        var result = await Run(
            [.. _quick, "-o", "out.png", "--log", "run.jsonl", "--patience", "3", "--first-iterations", "900", "--iterations", "900",
                "--size", "64", "--min-size", "32"]);
        Assert.Equal(0, result.Code);
        Assert.Equal(3, result.Error.Split('\n').Count(line => line.Contains(" · flat · ", StringComparison.Ordinal)));
        var lines = File.ReadAllLines(_folder["run.jsonl"]).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal(3, lines[0].GetProperty("settings").GetProperty("patience").GetInt32());
        var flat = lines[1..].Select((line, index) => (Ends: index + 2 == lines.Length || lines[index + 2].GetProperty(
            "scale").GetInt32() != line.GetProperty("scale").GetInt32(), Flat: line.GetProperty("flat").GetBoolean())).ToArray();
        Assert.All(flat, line => Assert.Equal(line.Ends, line.Flat));
        Assert.InRange(flat.Length, 3 * 4, 2000);
        Assert.Equal(3, RunRecord.FromJson(PictureMetadata.TryRead(_folder["out.png"])!).Settings.Patience);
    }

    [Fact]
    public async Task Intermediate_pictures_are_written_every_so_many_iterations()
    {
        var result = await Run([.. _quick, "--middle-share", "1", "-o", "out.png", "--save-every", "3", "-q"]);
        Assert.Equal(0, result.Code);
        Assert.Equal(["out-1-0003.png", "out-1-0006.png", "out-2-0003.png", "out-3-0003.png", "out.png"],
            Directory.GetFiles(_folder.Root, "out*").Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task Evaluate_prints_every_definition_with_nine_digits()
    {
        var result = await Run("evaluate", "content.png", "style.jpg", "content.png", "--weights", "tiny.npz", "--json", "-q");
        Assert.Equal(0, result.Code);
        var json = JsonDocument.Parse(result.Output).RootElement;
        EndToEndTests.AssertCamelCase(json);
        Assert.Equal(0, json.GetProperty("content").GetProperty("relu4_2").GetProperty("relative").GetDouble());
        foreach (var layer in (string[])["relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1"])
        {
            foreach (var kind in ValueNames.All<NeuralStyle.Losses.StyleLossKind>())
                Assert.True(json.GetProperty("style").GetProperty(layer).GetProperty(kind).GetDouble() > 0, $"{layer} {kind}");
        }
        Assert.True(json.GetProperty("gradientNorm").GetDouble() > 0);

        var text = await Run("evaluate", "content.png", "style.jpg", "content.png", "--weights", "tiny.npz", "-q");
        Assert.Matches(@"gradient norm +[0-9.E-]{9,}", text.Output);
    }

    [Fact]
    public async Task A_checkpoint_without_resume_and_resume_without_a_checkpoint_are_pointed_out()
    {
        string[] quick = ["content.png", "style.jpg", "--weights", "tiny.npz", "--size", "48", "--iterations", "1", "--first-iterations",
            "1", "-o", "out.png"];
        var absent = await Run([.. quick, "--resume"]);
        Assert.Equal(0, absent.Code);
        Assert.Contains("nst: note: there is no checkpoint 'out.png.nst-checkpoint' to continue from; starting at the beginning",
            absent.Notes);
        File.WriteAllText(_folder["out.png.nst-checkpoint"], "left over");
        var again = await Run(quick);
        Assert.Equal(0, again.Code);
        Assert.Contains("nst: note: 'out.png.nst-checkpoint' holds an interrupted run; starting again, which will overwrite it (--resume "
            + "continues it)", again.Notes);
        Assert.False(File.Exists(_folder["out.png.nst-checkpoint"]));
    }

    private Task<NstResult> Run(params string[] args) => Nst.InAsync(_folder.Root, args);
}
