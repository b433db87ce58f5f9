using NetVips;
using NeuralStyle.Cli.Tests.Infra;
using NeuralStyle.Cli.Tests.Pages;
using NeuralStyle.Imaging;
using NeuralStyle.Runs;

namespace NeuralStyle.Cli.Tests.Studio;

/// <summary>The whole way in a real browser: from pictures to a result, with one session for all, because starting takes longest.</summary>
public sealed class StudioBrowserTests : IDisposable
{
    private const string Hostile = "<img src=x onerror=document.title=1> '&quot;.png";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task From_pictures_to_a_saved_result()
    {
        StudioRun.WriteInputs(_folder);
        TestInputs.WritePainting(_folder["other.jpg"], 64, 64);
        if (!OperatingSystem.IsWindows()) File.Copy(_folder["studio", "content.png"], _folder["studio", Hostile]);
        using var browser = Browser.Start();
        await using var run = await StudioRun.StartAsync(_folder);
        browser.GoTo(run.Address);
        await browser.Until("document.querySelectorAll('#strip li').length > 2");
        if (!OperatingSystem.IsWindows())
        {
            await browser.Until($"[...document.querySelectorAll('#strip .name')].some(name => name.textContent === {Quoted(Hostile)})");
            Assert.Equal("nst studio", browser.Eval("document.title"));
        }
        Assert.Equal("", browser.Run(Unnamed));

        // a photograph of the folder, a style from elsewhere: the first trial begins by itself
        Press(browser, "Photo: content.png");
        browser.Type("style-file", _folder["other.jpg"]);
        await browser.Until("document.getElementById('now').naturalWidth === 192");
        await browser.Until("document.getElementById('progress-note').textContent.startsWith('ready')");
        Assert.Equal("true", browser.Eval("document.querySelector('[aria-label=\"Style: other.jpg\"]').getAttribute('aria-pressed')"));
        Assert.True(File.Exists(_folder["studio", "nst-results", "inputs", "other.jpg"]));

        // a changed slider begins another trial
        var before = browser.Eval("document.getElementById('now').src");
        Set(browser, "strength", "0.9");
        await browser.Until($"document.getElementById('now').src !== {Quoted(before)}");
        await browser.Until("document.getElementById('progress-note').textContent.startsWith('ready')");
        Assert.Equal("90 %", browser.Eval("document.getElementById('strength-value').textContent"));

        // a mask, by mouse
        browser.Click("mask-open");
        await browser.Until("document.getElementById('masker').open && document.getElementById('mask-photo').naturalWidth === 64");
        browser.Drag("canvases", 30, 0);
        browser.Click("mask-done");
        await browser.Until("document.getElementById('mask-note').textContent === 'a part is kept'");

        // painted
        Set(browser, "size", "64");
        Set(browser, "iterations", "5");
        await browser.Until("document.getElementById('command').textContent.includes('--size 64 --iterations 5')");
        browser.Click("paint");
        await browser.Until("document.querySelectorAll('#results li').length === 1");
        await browser.Until("document.getElementById('now').naturalWidth === 64");
        await browser.Until("document.getElementById('show-title').textContent === 'content--other.png'");
        var path = _folder["studio", "nst-results", "content--other.png"];
        var record = RunRecord.FromJson(PictureMetadata.TryRead(path)!);
        Assert.Equal((0.9, "content.png", "nst-results/inputs/other.jpg"),
            (record.Settings.Strength, record.Content!.Path, record.Styles[0].Path));
        Assert.StartsWith("nst-results/inputs/mask-", record.Protect!.Path);
        using (var result = Image.NewFromFile(path))
        using (var content = Image.NewFromFile(_folder["studio", "content.png"]))
        {
            Assert.True(Difference(result, content, 32, 24) <= 2, "the mask does not keep the photograph");
            Assert.True(Difference(result, content, 4, 4) > 8, "nothing was painted");
        }

        // a grid of trials, one of them chosen; then the settings of the result again
        browser.Click("grid-settings");
        await browser.Until("document.querySelectorAll('#grid button').length === 9");
        await browser.Until("[...document.querySelectorAll('#grid img')].every(image => image.naturalWidth > 0)");
        browser.Run("document.querySelector('#grid button').click()");
        Assert.Equal("0.5", browser.Eval("document.getElementById('strength').value"));
        Press(browser, "Change: content--other.png");
        Assert.Equal("0.9", browser.Eval("document.getElementById('strength').value"));
        browser.Click("mode-side");
        await browser.Until("['side-other', 'side-now'].every(id => document.getElementById(id).naturalWidth > 0)");
        browser.Click("mode-split");

        // a second tab sees the same queue and results, and has trials of its own
        browser.OpenTab();
        browser.GoTo(run.Address);
        await browser.Until("document.querySelectorAll('#results li').length === 1");
        Assert.Equal("true", browser.Eval("document.getElementById('look').hidden"));
        Press(browser, "Larger: content--other.png");
        await browser.Until("document.querySelectorAll('#results li').length === 2");
        Assert.Equal("", browser.Run(Unnamed));
        Assert.Empty(browser.Errors());
        browser.GoToTab(0);
        await browser.Until("document.querySelectorAll('#results li').length === 2");
        Assert.Equal("0.9", browser.Eval("document.getElementById('strength').value"));
        Assert.Empty(browser.Errors());
        using var larger = Image.NewFromFile(_folder["studio", "nst-results", "content--other-2.png"]);
        Assert.Equal((128, 96), (larger.Width, larger.Height));
    }

    /// <summary>Controls without a name for screen readers, and pictures without a text.</summary>
    private const string Unnamed = """
        const named = node => node.getAttribute('aria-label') || node.textContent.trim()
          || [...(node.labels || [])].some(label => label.textContent.trim());
        return [...document.querySelectorAll('button, a, input, select, progress, [tabindex="0"]')].filter(node => !named(node))
          .concat([...document.querySelectorAll('img:not([alt])')]).map(node => node.outerHTML).join('\n');
        """;

    private static void Press(Browser browser, string name) =>
        browser.Run($"document.querySelector('[aria-label={Quoted(name)}]').click()");

    private static void Set(Browser browser, string id, string value) => browser.Run(
        $"const field = document.getElementById('{id}'); field.value = '{value}'; field.dispatchEvent(new Event('input'))");

    private static string Quoted(string text) => System.Text.Json.JsonSerializer.Serialize(text);

    private static double Difference(Image one, Image other, int x, int y) =>
        one.Getpoint(x, y).Zip(other.Getpoint(x, y), (a, b) => Math.Abs(a - b)).Max();
}
