using System.Diagnostics;
using System.Text.RegularExpressions;
using NeuralStyle.Cli.Tests.Infra;

namespace NeuralStyle.Cli.Tests.Pages;

/// <summary>The pages in a real browser, headless: their scripts run under their own policy, and do what they should.</summary>
public sealed partial class ReportBrowserTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly string _profile = Directory.CreateTempSubdirectory("nst-browser-").FullName;

    public ReportBrowserTests()
    {
        Directory.CreateDirectory(_folder["photos"]);
        TestInputs.WritePhotograph(_folder["photos/lake.png"], 96, 64);
        TestInputs.WritePhotograph(_folder["photos/town.png"], 64, 64);
        TestInputs.WritePainting(_folder["style.png"], 80, 80);
        TestInputs.WriteWeights(_folder["tiny.npz"]);
    }

    public void Dispose()
    {
        _folder.Dispose();
        try
        {
            Directory.Delete(_profile, recursive: true);
        }
        catch (IOException)
        {
            // a process of the browser still writes there
        }
    }

    [Fact]
    public async Task The_wheel_enlarges_and_the_slider_moves_the_border()
    {
        Assert.Equal(0, (await Run(_folder["photos/lake.png"], _folder["style.png"], "-o", _folder["out.png"], "--report", _folder["page.html"])).Code);
        var seen = await Browse("""
            const stage = document.querySelector('.stage'), slider = document.querySelector('input[type=range]'), box = stage.getBoundingClientRect();
            slider.value = 20;
            slider.dispatchEvent(new Event('input'));
            stage.dispatchEvent(new WheelEvent('wheel', { deltaY: -400, clientX: box.left, clientY: box.top, cancelable: true }));
            const image = stage.querySelector('img');
            return [Math.abs(parseFloat(getComputedStyle(stage.querySelector('.line')).left) - box.width * 0.2) < 1, image.naturalWidth, Math.round(image.getBoundingClientRect().width / box.width * 100), stage.className].join(' ');
            """);
        Assert.Equal("true 96 272 stage zoomed pixels", seen);
    }

    [Fact]
    public async Task A_contact_sheet_is_filtered_by_name()
    {
        Assert.Equal(0, (await Run("batch", _folder["photos"], _folder["style.png"], "-o", _folder["out"], "--report", _folder["page.html"])).Code);
        var seen = await Browse("""
            const before = document.querySelectorAll('.card:not([hidden])').length;
            search.value = 'LAKE style';
            search.dispatchEvent(new Event('input'));
            return [before, document.querySelectorAll('.card:not([hidden])').length, shown.textContent, document.querySelector('.card img').naturalWidth].join(' ');
            """);
        Assert.Equal("2 1 1 of 2 96", seen);
    }

    /// <summary>Runs JavaScript in the page, behind its own, when everything is loaded.</summary>
    private async Task<string> Browse(string script)
    {
        var browser = ((string[])["chromium", "chromium-browser", "google-chrome"]).SelectMany(name => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
        Assert.SkipWhen(browser is null, "needs Chromium");
        var page = File.ReadAllText(_folder["page.html"]);
        var end = page.LastIndexOf("</script>", StringComparison.Ordinal);
        File.WriteAllText(_folder["probe.html"], page.Insert(end, $"\naddEventListener('load', () => {{ document.body.dataset.seen = (() => {{ {script} }})(); }});\n"));
        using var process = Process.Start(new ProcessStartInfo(browser!, ["--headless=new", "--no-sandbox", "--disable-gpu", $"--user-data-dir={_profile}", "--window-size=1200,900", "--virtual-time-budget=5000", "--dump-dom", new Uri(_folder["probe.html"]).AbsoluteUri])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var document = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(Seen().IsMatch(document), $"the script did not end: {await errors}");
        return Seen().Match(document).Groups[1].Value;
    }

    private Task<NstResult> Run(params string[] args) => Nst.RunAsync([.. args, "--weights", _folder["tiny.npz"], "--size", "96", "--min-size", "96", "--first-iterations", "2", "--device", "cpu", "-q"]);

    [GeneratedRegex("<body[^>]* data-seen=\"([^\"]*)\"")]
    private static partial Regex Seen();
}
