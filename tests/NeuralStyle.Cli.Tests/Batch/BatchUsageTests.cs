using NeuralStyle.Cli.Tests.Infra;

namespace NeuralStyle.Cli.Tests.Batch;

/// <summary>What <c>nst batch</c> says before it loads anything.</summary>
public sealed class BatchUsageTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public BatchUsageTests()
    {
        Directory.CreateDirectory(_folder["photos"]);
        Directory.CreateDirectory(_folder["more"]);
        Directory.CreateDirectory(_folder["empty"]);
        foreach (var name in (string[])["photos/a.jpg", "photos/b.jpg", "more/a.jpg", "s.jpg"]) File.WriteAllText(_folder[name], "");
        File.WriteAllText(_folder["pairs.csv"], "content,style,size\nphotos/a.jpg,s.jpg,64\nphotos/b.jpg,s.jpg,9\n");
        File.WriteAllText(_folder["none.csv"], "content,style\n");
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("@photos @s.jpg", "no output folder")]
    [InlineData("@photos -o @out", "expected two arguments")]
    [InlineData("@photos/a.jpg @photos/b.jpg @photos/b.jpg -o @out", "put patterns in quotes")]
    [InlineData("@photos/a.jpg @more/a.jpg @photos/b.jpg -o @out", "*.jpg' STYLES -o FOLDER")]
    [InlineData("@photos @s.jpg -o @s.jpg", "is a file; expected a folder")]
    [InlineData("@empty @s.jpg -o @out", "holds no pictures")]
    [InlineData("@missing @s.jpg -o @out", "does not exist")]
    [InlineData("@photos @s.jpg -o @photos", "choose another folder for -o")]
    [InlineData("@*/a.jpg @s.jpg -o @out", "would be written 2 times")]
    [InlineData("@photos @s.jpg --zip -o @out", "2 contents and 1 styles")]
    [InlineData("@photos @s.jpg -o @out --name {contnt}.png", "did you mean '{content}'?")]
    [InlineData("@photos @s.jpg -o @out --sizes 64", "did you mean '--size'?")]
    [InlineData("@photos @s.jpg -o @out --size 9", "nst: error: --size is 9")]
    [InlineData("@photos @s.jpg -o @out --bit-depth 12", "nst: error: --bit-depth is 12; expected 8 or 16")]
    [InlineData("@photos @s.jpg -o @out --bit-depth 16 --name {content}.jpg", "JPEG has no 16 bits")]
    [InlineData("@photos @s.jpg -o @out --style-size 64 --style-scale 2", "both given")]
    [InlineData("@photos @s.jpg -o @out --style-weights 2,1", "gives 2 weights for 1 style picture")]
    [InlineData("@photos @s.jpg -o @out --style-mask @m.png", "needs --content-mask")]
    [InlineData("@photos @s.jpg -o @out --shard 5/4", "from 1 to 4")]
    [InlineData("@photos @s.jpg -o @out --device cpu --devices cpu", "both given")]
    [InlineData("@photos @s.jpg -o @out --precision half", "valid: float32, tf32, bfloat16")]
    [InlineData("@photos @s.jpg -o @out --stale-after 0", "--stale-after is 0")]
    [InlineData("@photos @s.jpg -o @out --tileable", "--tileable needs --texture")]
    [InlineData("@photos @s.jpg -o @out --texture", "takes one argument")]
    [InlineData("@photos -o @out --texture --sead 4", "did you mean '--seed'?")]
    [InlineData("@photos -o @out --texture --strength 0.3", "--texture and --strength were both given")]
    [InlineData("@photos -o @out --texture --protect @s.jpg", "--texture and --protect were both given")]
    [InlineData("@photos -o @out --texture --tileable --padding zero", "needs circular padding")]
    [InlineData("@photos -o @out --texture --size 9", "--size is 9")]
    [InlineData("--pairs @pairs.csv -o @out --texture", "leave out --pairs")]
    [InlineData("@photos @s.jpg -o @out --log run.jsonl", "would be written for 2 pictures")]
    [InlineData("@photos @s.jpg -o @out --log ../{content}.jsonl", "is outside of the output folder")]
    [InlineData("@photos @s.jpg -o @out --log {content}.jpg", "has the name of a picture")]
    [InlineData("@photos @s.jpg -o @out --log {contnt}.jsonl", "--log: the placeholder")]
    [InlineData("@photos @s.jpg -o @out --save-every 0", "--save-every is 0")]
    [InlineData("@photos @s.jpg --pairs @pairs.csv -o @out", "leave out CONTENTS")]
    [InlineData("--pairs @pairs.csv -o @out", "picture 2 ('b__s.png'): --size is 9")]
    [InlineData("--pairs @none.csv -o @out", "the plan has no pictures")]
    [InlineData("--pairs @missing.csv -o @out", "does not exist")]
    public async Task A_wrong_command_line_gets_one_line_that_says_what_is_wrong(string commandLine, string expected)
    {
        var result = await Nst.RunAsync(["batch", .. commandLine.Split(' ').Select(Located)]);
        Assert.Equal(2, result.Code);
        Assert.Contains(expected, Assert.Single(result.Complaints));
        Assert.Empty(result.Output);
        Assert.False(Directory.Exists(_folder["out"]));
    }

    [Fact]
    public async Task A_dry_run_prints_the_plan_of_its_part_and_makes_nothing()
    {
        var result = await Nst.RunAsync("batch", _folder["photos"], _folder["s.jpg"], "-o", _folder["out"], "--name",
            "{style}/{content}.jpg", "--dry-run", "--shard", "2/2");
        Assert.Equal(0, result.Code);
        Assert.Equal(2, result.Complaints.Count); // both pictures are empty
        Assert.Equal(string.Join('\t', _folder["photos/b.jpg"], _folder["s.jpg"], _folder["out/s/b.jpg"], "unreadable"),
            result.Output.Trim());
        Assert.False(Directory.Exists(_folder["out"]));
    }

    /// <summary>An at sign stands for the test's folder.</summary>
    private string Located(string argument) => argument.StartsWith('@') ? _folder[argument[1..]] : argument;
}
