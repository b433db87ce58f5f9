using System.Text.RegularExpressions;
using System.Xml.Linq;
using NetVips;
using NeuralStyle.Cli.Tests.Infra;
using NeuralStyle.Runs;

namespace NeuralStyle.Cli.Tests.Pages;

/// <summary>The page of <c>--report</c>, as the program writes it.</summary>
public sealed class RunReportTests : IDisposable
{
    private const string Nasty = "con <b>\"tent\" & 'x'.png";
    private readonly TempFolder _folder = new();

    public RunReportTests()
    {
        TestInputs.WritePhotograph(_folder[Nasty], 96, 64);
        TestInputs.WritePainting(_folder["style.jpg"], 80, 80);
        TestInputs.WriteWeights(_folder["tiny.npz"]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_page_holds_pictures_curves_settings_times_and_the_command()
    {
        var result = await Run("--report", _folder["page.html"]);
        Assert.Equal((0, ""), (result.Code, string.Join('\n', result.Complaints)));
        var page = File.ReadAllText(_folder["page.html"]);

        var pictures = Regex.Matches(page, "src=\"data:image/jpeg;base64,([^\"]+)\"")
            .Select(match => Image.NewFromBuffer(Convert.FromBase64String(match.Groups[1].Value)))
            .ToArray();
        Assert.Equal((int[])[96, 96, 96, 80], pictures.Select(picture => picture.Width)); // result, content, and the inputs
        foreach (var picture in pictures) Assert.True(picture.Deviate() > 5, "an embedded picture is flat");
        foreach (var picture in pictures) picture.Dispose();

        Assert.Contains("96x64 pixels", page);
        Assert.Matches("<td>1 · 48x32</td><td>3</td>", page);
        Assert.Matches("<td>2 · 96x64</td><td>2</td>", page);
        Assert.Contains("<td><b>total variation weight</b></td><td><b>0.5</b></td><td>0.01</td>", page);
        Assert.Contains("<td>optimizer</td><td>lbfgs</td><td></td>", page);
        Assert.Contains("style relu3_1", page);
        Assert.Contains("nst rerun", page);
        Assert.Contains(RunRecord.CurrentVersion, page);
        Assert.Contains(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(_folder["style.jpg"]))),
            page);
        Assert.DoesNotContain("stopped early", page);
    }

    [Fact]
    public async Task The_page_asks_nobody_for_anything_and_names_cannot_leave_their_place()
    {
        Assert.Equal(0, (await Run("--report", _folder["page.html"])).Code);
        var page = File.ReadAllText(_folder["page.html"]);
        Assert.DoesNotMatch(@"(?:src|href)\s*=\s*""(?!data:|#)", page);
        Assert.DoesNotMatch(@"@import|url\(|https?://", page);
        Assert.DoesNotContain("<b>\"tent\"", page);
        Assert.DoesNotContain("<b>&quot;", page);
        Assert.Contains("con &lt;b&gt;&quot;tent&quot; &amp; &#39;x&#39;.png", page);
    }

    [Fact]
    public async Task The_command_on_the_page_makes_the_same_picture()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the command is given to sh");
        Assert.Equal(0, (await Run("--report", _folder["page.html"])).Code);
        var bytes = File.ReadAllBytes(_folder["out.png"]);
        var command =
            System.Net.WebUtility.HtmlDecode(Regex.Match(File.ReadAllText(_folder["page.html"]), "<pre>(nst [^<]*)</pre>").Groups[1].Value);
        File.Delete(_folder["out.png"]);
        var program = Path.Combine(AppContext.BaseDirectory, "nst.dll");
        using var shell = System.Diagnostics.Process.Start("sh", ["-c", $"dotnet '{program}' {command["nst ".Length..]}"]);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, shell.ExitCode);
        Assert.Equal(bytes, File.ReadAllBytes(_folder["out.png"]));
    }

    [Fact]
    public async Task The_curves_are_well_formed_and_have_a_point_for_each_iteration()
    {
        Assert.Equal(0, (await Run("--report", _folder["page.html"])).Code);
        var charts = Regex.Matches(File.ReadAllText(_folder["page.html"]), "<svg.*?</svg>", RegexOptions.Singleline)
            .Select(match => XElement.Parse(match.Value))
            .ToArray();
        Assert.Equal(2, charts.Length); // parts, and style by layer
        Assert.Equal((int[])[4, 5], charts.Select(chart => chart.Elements("polyline").Count()));
        // content is 0 at the first
        foreach (var line in charts.SelectMany(chart => chart.Elements("polyline")))
            Assert.True(line.Attribute("points")!.Value.Split(' ').Length >= 4);
    }

    [Fact]
    public async Task A_run_that_was_stopped_has_a_page_that_says_so()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "signals are sent with kill");
        var process = Nst.Start(_folder.Root, Nasty, "style.jpg", "-o", "out.png", "--weights", "tiny.npz", "--size", "64", "--min-size",
            "64", "--first-iterations", "1000000", "--report", "page.html", "--log", "run.jsonl", "--optimizer", "adam", "-q");
        while (!process.HasExited && (!File.Exists(_folder["run.jsonl"]) || new FileInfo(_folder["run.jsonl"]).Length < 6000))
            await Task.Delay(50, TestContext.Current.CancellationToken);
        using (var kill = System.Diagnostics.Process.Start("kill", ["-INT", $"{process.Id}"]))
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(130, (await Nst.FinishAsync(process)).Code);
        var page = File.ReadAllText(_folder["page.html"]);
        Assert.Contains("stopped early", page);
        Assert.Equal(2, Regex.Count(page, "<svg"));
    }

    [Fact]
    public async Task A_texture_is_compared_with_its_style()
    {
        Assert.Equal(0, (await Nst.RunAsync("--texture", _folder["style.jpg"], "-o", _folder["out.png"], "--weights", _folder["tiny.npz"],
            "--size", "96", "--min-size", "96", "--first-iterations", "2", "--report", _folder["page.html"], "-q")).Code);
        var page = File.ReadAllText(_folder["page.html"]);
        Assert.Contains("<span class=\"tag left\">style</span>", page);
        Assert.Equal(3, Regex.Count(page, "src=\"data:")); // result, style, and the style among the inputs
    }

    [Fact]
    public async Task A_page_that_fills_its_disk_costs_no_picture()
    {
        using var mounted = OperatingSystem.IsLinux() ? SmallDisk.TryMount(_folder["disk"], kilobytes: 4) : null;
        Assert.SkipWhen(mounted is null, "mounting needs root");
        var result = await Run("--report", _folder["disk/page.html"]);
        Assert.Equal(1, result.Code);
        Assert.Contains("out.png' is written, but not its report: ", Assert.Single(result.Complaints));
        Assert.True(File.Exists(_folder["out.png"]));
        Assert.Empty(Directory.GetFiles(_folder["disk"]));
    }

    [Theory]
    [InlineData("page.png", "expected .html")]
    [InlineData("folder.html", "is a folder")]
    [InlineData("nowhere/page.html", "does not exist")]
    [InlineData("/proc/page.html", "is not writable")]
    public async Task A_place_that_cannot_be_written_is_refused_before_the_run(string report, string expected)
    {
        Assert.SkipWhen(report.StartsWith("/proc", StringComparison.Ordinal)
            && !OperatingSystem.IsLinux(), "Linux alone has such a folder");
        Directory.CreateDirectory(_folder["folder.html"]);
        var result = await Run("--report", _folder[report]);
        Assert.Equal(2, result.Code);
        Assert.Contains(expected, Assert.Single(result.Complaints));
        Assert.False(File.Exists(_folder["out.png"]));
    }

    [Theory]
    [InlineData("--log", "run.html")]
    [InlineData("--checkpoint", "run.html")]
    public async Task The_page_is_no_other_file_of_the_run(string option, string name)
    {
        var result = await Run("--report", _folder[name], option, _folder[name]);
        Assert.Equal(2, result.Code);
        Assert.Contains("choose another name", Assert.Single(result.Complaints));
    }

    private Task<NstResult> Run(params string[] args) =>
        Nst.RunAsync([_folder[Nasty], _folder["style.jpg"], "-o", _folder["out.png"], "--weights", _folder["tiny.npz"],
        "--size", "96", "--min-size", "48", "--first-iterations", "3", "--iterations", "2", "--device", "cpu", "--tv", "0.5", "-q",
            .. args]);
}
