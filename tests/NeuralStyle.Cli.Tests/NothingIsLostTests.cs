using System.Security.Cryptography;
using NeuralStyle.Cli.Tests.Infra;

namespace NeuralStyle.Cli.Tests;

/// <summary>No input is ever overwritten, in any command, by any route; no result replaces another of the same command.</summary>
[Collection(CurrentFolder.Name)]
public sealed class NothingIsLostTests : IDisposable
{
    private const string Short = " --weights tiny.npz --size 64 --min-size 64 --first-iterations 2 --iterations 2 -q";

    private readonly TempFolder _folder = new();

    public NothingIsLostTests()
    {
        foreach (var name in (string[])["content.png", "mask.png", "protect.png", "init.png", "page.html", "out-1-0002.png"])
            WritePhotograph(name);
        TestInputs.WritePainting(_folder["style.jpg"], 64, 64);
        TestInputs.WriteWeights(_folder["tiny.npz"]);
        File.WriteAllText(_folder["mine.txt"], "--seed\n7\n");
        File.WriteAllText(_folder["outer.txt"], "@mine.txt\n");
        Directory.CreateDirectory(_folder["photos"]);
        File.Copy(_folder["content.png"], _folder["photos/p.png"]);
        File.WriteAllText(_folder["list.txt"], "photos/p.png\n");
        File.WriteAllText(_folder["pairs.csv"], "content,style,output\nphotos/p.png,style.jpg,p.png\n");
        File.WriteAllText(_folder["photos/failures.csv"], "content,style,output\np.png,../style.jpg,x.png\n");
        File.CreateSymbolicLink(_folder["link.png"], _folder["content.png"]);
        File.CreateSymbolicLink(_folder["saved.png"], _folder["out-1-0002.png"]);
        Directory.CreateSymbolicLink(_folder["again"], _folder.Root);
        Directory.CreateSymbolicLink(_folder["photos-again"], _folder["photos"]);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("content.png style.jpg -o content.png")]
    [InlineData("content.png style.jpg -o link.png")]
    [InlineData("link.png style.jpg -o content.png")]
    [InlineData("link.png style.jpg -o link.png")]
    [InlineData("content.png style.jpg -o again/content.png")]
    [InlineData("again/again/content.png style.jpg -o content.png")]
    [InlineData("content.png style.jpg -o hard.png")]
    [InlineData("content.png style.jpg -o style.jpg")]
    [InlineData("content.png style.jpg -o mask.png --content-mask mask.png --style-mask none")]
    [InlineData("content.png style.jpg -o mask.png --content-mask protect.png --style-mask again/mask.png")]
    [InlineData("content.png style.jpg -o protect.png --protect protect.png")]
    [InlineData("content.png style.jpg -o init.png --init init.png")]
    [InlineData("--texture init.png -o again/init.png")]
    [InlineData("content.png style.jpg -o x.png --log tiny.npz")]
    [InlineData("content.png style.jpg -o x.png --log hard.png")]
    [InlineData("content.png style.jpg -o x.png --log mine.txt @mine.txt")]
    [InlineData("content.png style.jpg -o x.png --log mine.txt @outer.txt")]
    [InlineData("content.png style.jpg -o x.png --log x.png")]
    [InlineData("content.png style.jpg -o x.png --log X.PNG")]
    [InlineData("content.png style.jpg -o x.png --checkpoint again/tiny.npz")]
    [InlineData("content.png style.jpg -o x.png --checkpoint content.png")]
    [InlineData("content.png style.jpg -o x.png --checkpoint run.jsonl --log again/run.jsonl")]
    [InlineData("page.html style.jpg -o x.png --report page.html")]
    [InlineData("page.html style.jpg -o x.png --report again/page.html")]
    [InlineData("out-1-0002.png style.jpg -o out.png --save-every 2")]
    [InlineData("saved.png style.jpg -o again/out.png --save-every 2")]
    [InlineData("batch photos style.jpg -o photos-again --name {content}.png")]
    [InlineData("batch photos/p.png style.jpg -o photos-again --name {content}.png")]
    [InlineData("batch content.png style.jpg -o . --name hard.png")]
    [InlineData("batch content.png style.jpg -o . --name m.png --log mine.txt @mine.txt")]
    [InlineData("batch content.png style.jpg -o . --name protect.png --protect again/protect.png")]
    [InlineData("batch content.png style.jpg -o . --name init.png --init init.png")]
    [InlineData("batch content.png style.jpg -o . --name mask.png --content-mask mask.png --style-mask none")]
    [InlineData("batch out-1-0002.png style.jpg -o again --name out.png --save-every 2")]
    [InlineData("batch --pairs pairs.csv -o . --log pairs.csv")]
    [InlineData("batch list.txt style.jpg -o . --name m.png --log again/list.txt")]
    [InlineData("batch content.png style.jpg -o . --name m.png --log tiny.npz")]
    [InlineData("batch --pairs photos/failures.csv -o photos-again")]
    [InlineData("batch page.html style.jpg -o . --name m.png --report page.html")]
    public async Task An_input_stays_as_it_is_by_whatever_path_it_is_reached(string command)
    {
        Link("content.png", "hard.png");
        await AssertRefusedAndKept(command + Short);
    }

    [Theory]
    [InlineData("weights convert tiny.npz again/tiny.npz")]
    [InlineData("weights convert tiny.npz hard.npz")]
    [InlineData("weights reduce tiny.npz -o again/tiny.npz")]
    [InlineData("weights refine hard.npz -o again/tiny.npz --teacher tiny.npz --pictures photos")]
    public async Task A_network_is_never_written_over_itself(string command)
    {
        Link("tiny.npz", "hard.npz");
        await AssertRefusedAndKept(command);
    }

    [Fact]
    public async Task A_picture_that_is_made_again_never_replaces_its_record()
    {
        Assert.Equal(0, (await Run("content.png style.jpg -o a.png" + Short)).Code);
        await AssertRefusedAndKept("rerun a.png -o a.png -q");
        await AssertRefusedAndKept("rerun again/a.png -o a.png -q");
    }

    [Fact]
    public async Task The_network_that_a_plain_run_finds_is_an_input_too()
    {
        Directory.CreateDirectory(_folder["vgg"]);
        File.Copy(_folder["tiny.npz"], _folder["vgg/vgg19.npz"]);
        await AssertRefusedAndKept("content.png style.jpg -o x.png -q --log vgg/vgg19.npz");
    }

    [Fact]
    public async Task Names_that_differ_in_case_are_two_files_where_the_file_system_says_so()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "a file system that tells cases apart");
        var before = Hash("content.png");
        Assert.Equal(0, (await Run("content.png style.jpg -o Content.png" + Short)).Code);
        Assert.Equal(before, Hash("content.png"));
    }

    [Theory]
    [InlineData("content.png style.jpg -o out.png", true)]
    [InlineData("content.png style.jpg -o out.png --report report.html", true)]
    [InlineData("weights convert tiny.npz out.npz", false)]
    public async Task What_is_replaced_is_said_and_stays_when_asked(string command, bool isRun)
    {
        var name = command.Contains("report", StringComparison.Ordinal) ? "report.html" : command.Split(' ')[^1];
        File.WriteAllText(_folder[name], "precious");
        var run = isRun ? Short.Replace(" -q", "", StringComparison.Ordinal) : "";
        var kept = await Run($"{command}{run} --no-clobber");
        Assert.Equal(2, kept.Code);
        Assert.Contains($"'{name}' already exists, and", kept.Error);
        Assert.Equal("precious", File.ReadAllText(_folder[name]));
        var replaced = await Run(command + run);
        Assert.Equal(0, replaced.Code);
        Assert.Contains($"'{name}' already exists and will be replaced", replaced.Error);
        Assert.NotEqual("precious", File.ReadAllText(_folder[name]));
    }

    [Theory]
    [InlineData("content.png style.jpg -o out.png --no-clobber", "out.png", "out-2.png", "out.png")]
    [InlineData("content.png style.jpg", "content--style.png", "content--style-2.png", "content--style.png")]
    [InlineData("content.png style.jpg -o out.png --no-clobber --report r.html", "r.html", "r-2.html", "out.png")]
    public async Task A_file_that_appears_during_a_run_is_kept_and_the_result_gets_another_name(string command, string appears,
        string written, string picture)
    {
        var run = Nst.Start(_folder.Root, [.. command.Split(' '), "--log", "log.jsonl", "--weights", "tiny.npz", "--size", "64",
            "--min-size", "64", "--first-iterations", "60"]);
        while (!run.HasExited && !File.Exists(_folder["log.jsonl"])) await Task.Delay(5, TestContext.Current.CancellationToken);
        Assert.False(File.Exists(_folder[picture]), "the run was too fast");
        File.WriteAllText(_folder[appears], "precious");
        var result = await Nst.FinishAsync(run);
        Assert.Equal(0, result.Code);
        Assert.Equal("precious", File.ReadAllText(_folder[appears]));
        Assert.True(File.Exists(_folder[written]), result.Error);
        Assert.Contains($"nst: warning: '{appears}' appeared during the run, or is open in another program, and is kept; "
            + $"the result is '{written}'", result.Complaints);
        if (command.EndsWith("style.jpg", StringComparison.Ordinal)) Assert.Equal(written + "\n", result.Output);
    }

    [Fact]
    public async Task A_batch_leaves_what_it_did_not_make_and_says_so()
    {
        Directory.CreateDirectory(_folder["results"]);
        File.WriteAllText(_folder["results/p__style.png"], "precious");
        var command = "batch photos style.jpg -o results" + Short.Replace(" -q", "", StringComparison.Ordinal);
        var kept = await Run(command + " --no-clobber");
        Assert.Equal(0, kept.Code);
        Assert.Contains("p__style.png · kept", kept.Error);
        Assert.Contains("1 kept", kept.Error);
        Assert.Equal("precious", File.ReadAllText(_folder["results/p__style.png"]));
        Assert.Contains("p__style.png · made: replaced", (await Run(command)).Error);
        Assert.Contains("up to date", (await Run(command + " --no-clobber")).Error);
        Assert.Equal(2, (await Run(command + " --no-clobber --force")).Code);
    }

    private async Task AssertRefusedAndKept(string command)
    {
        var before = Everything();
        var result = await Run(command);
        Assert.True(result.Code == 2, $"exit code {result.Code}: {result.Error}");
        Assert.Single(result.Complaints);
        Assert.Equal(before, Everything());
    }

    private void WritePhotograph(string name)
    {
        TestInputs.WritePhotograph(_folder["made.png"], 64, 48); // a name must not decide the format
        File.Move(_folder["made.png"], _folder[name]);
    }

    private Task<NstResult> Run(string command) => Nst.InAsync(_folder.Root, command.Split(' '));

    private string[] Everything() => Directory.EnumerateFiles(_folder.Root, "*", new EnumerationOptions
    {
        RecurseSubdirectories = true,
        AttributesToSkip = FileAttributes.ReparsePoint,
    }).Select(file => $"{Path.GetRelativePath(_folder.Root, file)} {Hash(file)}").Order(StringComparer.Ordinal).ToArray();

    private string Hash(string file) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(_folder[file])));

    private void Link(string from, string to)
    {
        using var process = System.Diagnostics.Process.Start("ln", [_folder[from], _folder[to]]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
