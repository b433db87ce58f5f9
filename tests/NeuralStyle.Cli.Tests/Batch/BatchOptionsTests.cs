using System.Text.Json;
using NeuralStyle.Cli.Tests.Infra;
using NeuralStyle.Imaging;

namespace NeuralStyle.Cli.Tests.Batch;

/// <summary>Options of <c>nst</c> as they are in a batch: logs, intermediate pictures, textures, pictures without metadata.</summary>
public sealed class BatchOptionsTests : IDisposable
{
    private static readonly string[] Quick = ["--weights", "@tiny.npz", "--size", "64", "--min-size", "32", "--optimizer", "adam", "-n",
        "2", "--first-iterations", "2", "--device", "cpu", "--threads", "1"];
    private readonly TempFolder _folder = new();

    public BatchOptionsTests()
    {
        Directory.CreateDirectory(_folder["photos"]);
        for (var i = 1; i <= 2; i++) TestInputs.WritePhotograph(_folder[$"photos/p{i}.png"], 56 + 8 * i, 64);
        TestInputs.WritePainting(_folder["x.png"], 64, 64);
        TestInputs.WritePainting(_folder["y.png"], 48, 64);
        TestInputs.WriteWeights(_folder["tiny.npz"]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Each_picture_has_a_log_and_intermediate_pictures_of_its_own()
    {
        Assert.Equal(0, (await Run("@photos", "@x.png", "-o", "@out", "--log", "logs/{content}.jsonl", "--save-every", "2")).Code);
        Assert.Equal(["p1__x-1-0002.png", "p1__x-2-0002.png", "p1__x.png", "p2__x-1-0002.png", "p2__x-2-0002.png", "p2__x.png"],
            Directory.GetFiles(_folder["out"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        foreach (var name in (string[])["p1", "p2"])
        {
            var lines = File.ReadAllLines(_folder[$"out/logs/{name}.jsonl"]).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
            Assert.EndsWith($"{name}.png", lines[0].GetProperty("content").GetProperty("path").GetString());
            Assert.Equal(1 + 2 + 2, lines.Length);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("--tileable")]
    [InlineData("--preset best")]
    [InlineData("--preset photo --tileable")]
    [InlineData("--preset crowson --init style")]
    public async Task Textures_of_many_styles_are_those_that_single_runs_make(string options)
    {
        var tiles = options.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(0, (await Run(["--texture", "@?.png", "-o", "@out", .. tiles])).Code);
        Assert.Equal(["x.png", "y.png"], Directory.GetFiles(_folder["out"]).Select(Path.GetFileName).Order());
        Assert.Equal(0, (await Nst.RunAsync(Located(["--texture", "@y.png", "-o", "@single.png", .. tiles, .. Quick]))).Code);
        Assert.Equal(File.ReadAllBytes(_folder["single.png"]), File.ReadAllBytes(_folder["out/y.png"]));
        Assert.Contains("0 made, 2 up to date", (await Run(["--texture", "@?.png", "-o", "@out", .. tiles])).Error);
    }

    [Fact]
    public async Task A_texture_that_failed_can_be_fed_back()
    {
        Assert.Equal(0, (await Run("--texture", "@y.png", "-o", "@good")).Code);
        var bytes = File.ReadAllBytes(_folder["y.png"]);
        File.WriteAllText(_folder["y.png"], "no picture");
        Assert.Equal(1, (await Run("--texture", "@?.png", "-o", "@out")).Code);
        File.WriteAllBytes(_folder["y.png"], bytes);
        Assert.Contains("1 made", (await Run("--pairs", "@out/failures.csv", "-o", "@out")).Error);
        Assert.Equal(File.ReadAllBytes(_folder["good/y.png"]), File.ReadAllBytes(_folder["out/y.png"]));
    }

    [Fact]
    public async Task Pictures_without_metadata_are_made_once_all_the_same()
    {
        Task<NstResult> Again(params string[] args) => Run(["@photos", "@x.png", "-o", "@out", "--no-metadata", .. args]);
        Assert.Contains("2 made, 0 up to date", (await Again()).Error);
        foreach (var name in (string[])["p1", "p2"]) Assert.Null(PictureMetadata.TryRead(_folder[$"out/{name}__x.png"]));
        Assert.Contains("0 made, 2 up to date", (await Again()).Error);
        Assert.Contains("2 made, 0 up to date", (await Again("--seed", "3")).Error);

        File.Copy(_folder["out/p1__x.png"], _folder["out/p2__x.png"], overwrite: true); // not what was made
        Assert.Contains("1 made, 1 up to date", (await Again("--seed", "3")).Error);
    }

    [Fact]
    public async Task Pictures_that_carry_metadata_are_not_what_was_asked_for_without()
    {
        Assert.Contains("2 made", (await Run("@photos", "@x.png", "-o", "@out")).Error);
        Assert.Contains("2 made", (await Run("@photos", "@x.png", "-o", "@out", "--no-metadata")).Error);
        Assert.Equal(4, Directory.GetFileSystemEntries(_folder["out"]).Length); // two pictures, two records
        Assert.Contains("2 made", (await Run("@photos", "@x.png", "-o", "@out")).Error);
        Assert.Equal(2, Directory.GetFileSystemEntries(_folder["out"]).Length);
    }

    private Task<NstResult> Run(params string[] args) => Nst.RunAsync(Located(["batch", .. args, .. Quick]));

    /// <summary>An at sign stands for the test's folder.</summary>
    private string[] Located(string[] args) => args.Select(arg => arg.StartsWith('@') ? _folder[arg[1..]] : arg).ToArray();
}
