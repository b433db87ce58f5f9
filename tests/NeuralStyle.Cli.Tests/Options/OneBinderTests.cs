using System.Text.Json.Nodes;
using NeuralStyle.Cli.Commands;
using NeuralStyle.Cli.Options;
using NeuralStyle.Cli.Tests.Infra;
using NeuralStyle.Imaging;

namespace NeuralStyle.Cli.Tests.Options;

/// <summary>An option means the same in <c>nst</c>, in <c>nst rerun</c>, in <c>nst batch</c>, and in a row of a pairs file.</summary>
public sealed class OneBinderTests : IDisposable
{
    private static readonly JobOptions s_options = new();
    private static readonly string[] s_quick = ["--size", "32", "--min-size", "32", "-n", "1", "--first-iterations", "1"];
    private static readonly string[] s_common = ["--device", "cpu", "--threads", "1", "-q"];

    /// <summary>A value for each option of a picture, other than its default. The test fails for an option without a row.</summary>
    private static readonly Dictionary<string, string> s_values = new()
    {
        ["--preset"] = "photo", ["--size"] = "40", ["--min-size"] = "36", ["--scale-step"] = "1.5", ["--bleed"] = "4",
            ["--style-scale"] = "0.8",
        ["--style-size"] = "36", ["--strength"] = "0.7", ["--color"] = "match", ["--content-weight"] = "0.02", ["--style-weight"] = "2",
        ["--tv"] = "0.5", ["--photorealism"] = "2", ["--style-loss"] = "gram", ["--content-loss"] = "gatys",
        ["--style-layers"] = "relu1_1:2,relu2_1",
        ["--content-layers"] = "relu3_1", ["--second-style-loss"] = "moments", ["--second-style-weight"] = "0.5",
        ["--second-style-layers"] = "relu2_1", ["--self-similarity"] = "0.1", ["--self-similarity-layers"] = "relu2_1",
        ["--match-every"] = "7", ["--matched-content"] = "0.5", ["--match-split"] = "0.2",
        ["--iterations"] = "2", ["--first-iterations"] = "2", ["--middle-share"] = "0.7", ["--patience"] = "3",
            ["--optimizer"] = "adam",
        ["--learning-rate"] = "0.05", ["--history"] = "5", ["--average"] = "0.9", ["--init"] = "@start.png", ["--detail"] = "0.25",
        ["--seed"] = "12345678901234", ["--pooling"] = "avg", ["--padding"] = "reflect", ["--style-weights"] = "2",
            ["--content-mask"] = "none",
        ["--style-mask"] = "none", ["--protect"] = "@protect.png", ["--bit-depth"] = "16", ["--quality"] = "80", ["--dpi"] = "200",
    };

    private readonly TempFolder _folder = new();

    public OneBinderTests()
    {
        TestInputs.WritePhotograph(_folder["c.png"], 40, 32);
        TestInputs.WritePainting(_folder["s.png"], 40, 40);
        TestInputs.WritePainting(_folder["start.png"], 24, 24);
        TestInputs.WritePhotograph(_folder["protect.png"], 20, 16);
        TestInputs.WriteWeights(_folder["tiny.npz"]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_option_of_a_picture_means_the_same_in_every_command()
    {
        string[] options = [.. s_options.Picture.Table.Select(option => option.Name)];
        Assert.Equal(options.Order(), s_values.Keys.Order());
        await Succeeds([_folder["c.png"], _folder["s.png"], "-o", _folder["plain.png"], .. s_quick]);
        var plain = RecordOf("plain.png");

        // a row of a pairs file for each option, and a batch by its command line for each
        var rows = options.Select(option =>
            $"{_folder["c.png"]},{_folder["s.png"]},{option.TrimStart('-')}.png,"
                + $"{string.Join(',', options.Select(other => Cell(option, other)))}");
        File.WriteAllLines(_folder["pairs.csv"],
            rows.Prepend("content,style,output," + string.Join(',', options.Select(option => option.TrimStart('-')))));
        await Succeeds(["batch", "--pairs", _folder["pairs.csv"], "-o", _folder["rows"], .. s_quick]);
        List<string> unseen = [];
        foreach (var option in options)
        {
            var (name, value) = (option.TrimStart('-') + ".png", Located(s_values[option]));
            await Succeeds([_folder["c.png"], _folder["s.png"], "-o", _folder[$"nst-{name}"], .. s_quick, option, value]);
            await Succeeds(
                ["rerun", _folder["plain.png"], "-o", _folder[$"rerun-{name}"], .. option == "--preset" ? s_quick : [], option, value]);
            await Succeeds(
                ["batch", _folder["c.png"], _folder["s.png"], "-o", _folder["batch"], "--name", name, .. s_quick, option, value]);
            var record = RecordOf($"nst-{name}");
            Assert.True(JsonNode.DeepEquals(record, RecordOf($"rerun-{name}")), $"rerun {option}: {RecordOf($"rerun-{name}")}");
            Assert.True(JsonNode.DeepEquals(record, RecordOf($"batch/{name}")), $"batch {option}: {RecordOf($"batch/{name}")}");
            Assert.True(JsonNode.DeepEquals(record, RecordOf($"rows/{name}")), $"row {option}: {RecordOf($"rows/{name}")}");
            if (JsonNode.DeepEquals(record, plain)) unseen.Add(option);
        }
        Assert.Equal(["--content-mask", "--style-mask"], unseen); // 'none' is what they are anyway; see ControlTests
    }

    [Theory]
    [InlineData("--style-size 64 --style-scale 2", "--style-size and --style-scale were both given")]
    [InlineData("--strength 0.4 --content-weight 0", "--strength has no effect with a content weight of 0;")]
    [InlineData("--strength 0.4 --preset texture", "as preset 'texture' has it")]
    [InlineData("--bleed 8 --padding circular", "--bleed has no effect with circular padding")]
    [InlineData("--history 5 --optimizer adam", "--history has no effect with --optimizer adam;")]
    [InlineData("--detail 0.5 --init noise", "--detail has no effect on a run that starts from noise")]
    [InlineData("--self-similarity 0.1 --content-loss self-similarity", "and --content-loss self-similarity are the same loss twice")]
    [InlineData("--self-similarity -1", "--self-similarity is -1")]
    [InlineData("--self-similarity 0.1 --self-similarity-layers relu3_1:0", "--self-similarity-layers: all weights are 0")]
    [InlineData("--bit-depth 12", "--bit-depth is 12; expected 8 or 16")]
    [InlineData("--quality 0", "--quality is 0; expected a whole number from 1 to 100")]
    [InlineData("--style-weights 1,2", "2 weights for 1 style")]
    [InlineData("--style-mask s.png", "needs --content-mask")]
    [InlineData("--content-mask s.png", "needs a --style-mask")]
    [InlineData("--seed 1.5", "--seed '1.5' is not a whole number")]
    [InlineData("--size 9", "--size is 9")]
    public async Task What_one_command_refuses_every_command_refuses(string wrong, string expected)
    {
        var words = wrong.Split(' ');
        await Succeeds([_folder["c.png"], _folder["s.png"], "-o", _folder["plain.png"], .. s_quick]);
        File.WriteAllLines(_folder["pairs.csv"],
        [
            "content,style," + string.Join(',', words.Where((_, i) => i % 2 == 0).Select(option => option.TrimStart('-'))),
            $"{_folder["c.png"]},{_folder["s.png"]}," + string.Join(',', words.Where((_, i) => i % 2 == 1).Select(value => $"\"{value}\"")),
        ]);
        string[][] commands =
        [
            [_folder["c.png"], _folder["s.png"], "-o", _folder["out.png"], .. words],
            ["rerun", _folder["plain.png"], "-o", _folder["out.png"], .. words],
            ["batch", _folder["c.png"], _folder["s.png"], "-o", _folder["out"], .. words],
            ["batch", "--pairs", _folder["pairs.csv"], "-o", _folder["out"]],
        ];
        foreach (var command in commands)
        {
            var result = await Nst.RunAsync([.. command, "--weights", _folder["tiny.npz"], .. s_common]);
            Assert.Equal(2, result.Code);
            Assert.Contains(expected, Assert.Single(result.Complaints));
        }
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Root, "out*"));
    }

    [Theory]
    [InlineData("--iterations 5")]
    [InlineData("--optimizer adam")]
    [InlineData("--tile 64")]
    [InlineData("--bleed 4")]
    [InlineData("--style-scale 2")]
    [InlineData("--color match")]
    [InlineData("--init noise")]
    [InlineData("--seed 4")]
    [InlineData("--precision tf32")]
    public async Task Evaluate_refuses_what_changes_nothing(string option)
    {
        var result = await Nst.RunAsync(
            ["evaluate", _folder["c.png"], _folder["s.png"], _folder["c.png"], "--weights", _folder["tiny.npz"], .. option.Split(' ')]);
        Assert.Equal(2, result.Code);
        Assert.Contains(option.Split(' ')[0], Assert.Single(result.Complaints));
    }

    [Fact]
    public async Task Every_option_of_evaluate_changes_what_is_measured()
    {
        string[] pictures = ["evaluate", _folder["c.png"], _folder["s.png"], _folder["start.png"], "--json", .. s_common, "--weights",
            _folder["tiny.npz"]];
        var plain = (await Nst.RunAsync(pictures)).Output;
        var command = RootCommandFactory.Create().Subcommands.Single(child => child.Name == "evaluate");
        var options = command.Options.Select(option => option.Name).Where(s_values.ContainsKey).ToArray();
        Assert.Equal(19, options.Length);
        string[] others = ["--second-style-loss", "gram", "--self-similarity", "0.2"]; // other options count for nothing without them
        var withOthers = (await Nst.RunAsync([.. pictures, .. others])).Output;
        foreach (var option in options)
        {
            var needsOthers = option is "--second-style-weight" or "--second-style-layers" or "--self-similarity-layers";
            var result = await Nst.RunAsync([.. pictures, .. needsOthers ? others : [], option,
                option == "--preset" ? "gatys" : s_values[option]]);
            Assert.Equal((0, ""), (result.Code, result.Error));
            Assert.True(result.Output != (needsOthers ? withOthers : plain), option);
        }
    }

    /// <summary>What stands in the column of an option, in the row of another: nothing, but for the row of the option itself.</summary>
    private static string Cell(string row, string column) => row == column ? $"\"{s_values[row].TrimStart('@')}\"" : "";

    private string Located(string value) => value.StartsWith('@') ? _folder[value[1..]] : value;

    private JsonObject RecordOf(string picture) => JsonNode.Parse(PictureMetadata.TryRead(_folder[picture])!)!.AsObject();

    private async Task Succeeds(string[] command)
    {
        var result = await Nst.RunAsync([.. command, "--weights", _folder["tiny.npz"], .. s_common]);
        Assert.True(result.Code == 0, $"{string.Join(' ', command)}: {result.Error}");
    }
}
