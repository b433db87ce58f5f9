using System.Text.Json;
using NetVips;
using NeuralStyle.Cli.Tests.Infra;
using NeuralStyle.Cli.Tests.Pages;
using NeuralStyle.Imaging;
using NeuralStyle.Runs;

namespace NeuralStyle.Cli.Tests.Studio;

/// <summary>What hands do on the page: files dropped, masks painted again, shares of styles, a reload. One session for all.</summary>
public sealed class StudioHandsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Files_are_dropped_masks_painted_on_and_a_reload_keeps_it_all()
    {
        StudioRun.WriteInputs(_folder);
        foreach (var name in (string[])["a.jpg", "b.jpg"]) TestInputs.WritePainting(_folder[name], 64, name[0]);
        TestInputs.WritePhotograph(_folder["street.png"], 64, 48);
        File.WriteAllText(_folder["notes.txt"], "no picture");
        using var browser = Browser.Start();
        await using var run = await StudioRun.StartAsync(_folder);
        browser.GoTo(run.Address);
        await browser.Until("document.querySelectorAll('#strip li').length > 2");

        // files of the disk, and a picture of the strip; what is no picture is refused, and nothing replaces the page
        browser.DropFiles("content-frame", _folder["street.png"]);
        await browser.Until("wish.content === 'nst-results/inputs/street.png'");
        browser.DropFiles("style-frame", _folder["a.jpg"], _folder["b.jpg"]);
        await browser.Until("wish.styles.join() === 'nst-results/inputs/a.jpg,nst-results/inputs/b.jpg'");
        await Ready(browser);
        browser.DropFiles("style-frame", _folder["notes.txt"]);
        await browser.Until("document.getElementById('problem').textContent.includes('notes.txt')");
        browser.DropFiles("queue-box", _folder["street.png"]);
        await browser.Until("document.getElementById('status').textContent.startsWith('drop pictures on')");
        browser.DragOnto("picture style.jpg", "style-tile");
        await browser.Until("wish.styles.length === 3");
        Press(browser, "Style: style.jpg");
        await browser.Until("wish.styles.length === 2");

        // shares
        browser.Keys("share-1", OpenQA.Selenium.Keys.Home);
        await browser.Until("document.querySelector('#shares output').textContent === '95 %'");
        await browser.Until("document.getElementById('command').textContent.includes('--style-weights 1,0.05')");
        await Ready(browser);

        // each style on each photograph
        browser.Click("grid-pictures");
        const string Photos = "const photos = [...document.querySelectorAll('#grid-photos input')];";
        Assert.Equal("street.png", browser.Run(Photos + "return photos.filter(box => box.checked).map(box => nameOf(box.value)).join()"));
        browser.Run(Photos + "for (const box of photos) box.checked = true");
        browser.Click("grid-go");
        await browser.Until("document.getElementById('grid-problem').textContent.includes('one to four')");
        browser.Run(Photos + "for (const box of photos) box.checked = /content.png|street.png/.test(box.value)");
        browser.Click("grid-go");
        await browser.Until("document.querySelectorAll('#grid button').length === 4");
        await browser.Until("[...document.querySelectorAll('#grid img')].every(image => image.naturalWidth > 0)");
        Assert.Equal("Choose a.jpg on content.png|Choose b.jpg on content.png|Choose a.jpg on street.png|Choose b.jpg on street.png",
            browser.Eval("[...document.querySelectorAll('#grid button')].map(button => button.getAttribute('aria-label')).join('|')"));
        browser.Run("document.querySelectorAll('#grid button')[1].click()");
        Assert.Equal("content.png|nst-results/inputs/b.jpg", browser.Eval("wish.content + '|' + wish.styles.join()"));
        Press(browser, "Style: a.jpg");

        // masks: a region for each style, one painted into the other, and a part that is kept
        browser.Click("mask-open");
        await browser.Until("document.getElementById('masker').open");
        await Brush(browser, "1", x: 60, y: 0);
        await Brush(browser, "0", x: 20, y: 12);
        await Brush(browser, "protect", x: 0, y: 40);
        const string Places = "[...document.querySelectorAll('#masker button')].map(button => button.getBoundingClientRect().left).join()";
        var places = browser.Eval(Places);
        browser.Hover("mask-done");
        Assert.Equal(places, browser.Eval(Places)); // a button that moves under the mouse cannot be pressed
        browser.Click("mask-done");
        await browser.Until("document.getElementById('mask-note').textContent === 'a part is kept, styles by region'");
        await browser.Until("document.getElementById('shares').childElementCount === 0"); // a mask says how much of each
        await Ready(browser);
        var masks = browser.Eval("wish.protect + '|' + wish.regions");
        using (var regions = Image.NewFromFile(_folder["studio", masks.Split('|')[1]]))
        {
            Assert.Equal((0, 255), (regions.Min(), regions.Max()));
            Assert.Equal(0, (regions % 255).Max()); // two flat colours, none in between
        }
        Set(browser, "size", "64");
        Set(browser, "iterations", "2");
        browser.Click("paint");
        await browser.Until("document.querySelectorAll('#results li').length === 1");
        var record = RunRecord.FromJson(PictureMetadata.TryRead(_folder["studio", "nst-results", "content--b+a.png"])!);
        Assert.Equal(masks, record.Protect!.Path + "|" + record.ContentMask!.Path);

        // another photograph has no mask; the result's masks come back to the brush, and are the same files if nothing is painted
        Press(browser, "Photo: street.png");
        Assert.Equal("null|null", browser.Eval("wish.protect + '|' + wish.regions"));
        await Reopen(browser);
        Assert.Equal("null|null", browser.Eval("wish.protect + '|' + wish.regions"));
        Press(browser, "Change: content--b+a.png");
        await Reopen(browser);
        Assert.Equal(masks, browser.Eval("wish.protect + '|' + wish.regions"));
        browser.Click("mask-open");
        await browser.Until("document.getElementById('masker').open");
        browser.Click("mask-clear");
        await Brush(browser, "protect", x: 10, y: 0);
        browser.Click("mask-done");
        await browser.Until("document.getElementById('mask-note').textContent === 'a part is kept'");
        Assert.NotEqual(masks.Split('|')[0], browser.Eval("wish.protect"));
        Press(browser, "Change: content--b+a.png"); // not what was painted last
        await Reopen(browser);
        Assert.Equal(masks, browser.Eval("wish.protect + '|' + wish.regions"));

        // a reload keeps the choice, the settings and what is shown; another tab begins empty
        Set(browser, "strength", "0.8");
        Set(browser, "scale", "1");
        browser.Run("document.getElementById('auto').click()");
        Press(browser, "Show content--b+a.png");
        await browser.Until("document.getElementById('show-title').textContent === 'content--b+a.png'");
        const string Kept = "JSON.stringify([asked(), page, by('auto').checked, by('show-title').textContent, "
            + "by('grid').childElementCount])";
        var before = browser.Eval(Kept);
        browser.Reload();
        await browser.Until($"typeof asked === 'function' && {Kept} === {JsonSerializer.Serialize(before)}");
        await browser.Until("document.querySelectorAll('#grid img').length === 4");
        await browser.Until("document.getElementById('now').naturalWidth === 64");
        Assert.Equal("2", browser.Eval("document.querySelectorAll('#strip [aria-pressed=true]').length - 1"));
        browser.OpenTab();
        browser.GoTo(run.Address);
        await browser.Until("document.querySelectorAll('#results li').length === 1");
        Assert.Equal("null", browser.Eval("wish.content"));
        Assert.All(browser.Errors(), line => Assert.Contains("/upload", line)); // of the file that is no picture
    }

    private static async Task Ready(Browser browser) =>
        await browser.Until("document.getElementById('progress-note').textContent.startsWith('ready')");

    /// <summary>Opens the masks and uses them as they are.</summary>
    private static async Task Reopen(Browser browser)
    {
        browser.Click("mask-open");
        await browser.Until("document.getElementById('masker').open");
        browser.Click("mask-done");
        await browser.Until("!document.getElementById('masker').open");
    }

    private static async Task Brush(Browser browser, string kind, int x, int y)
    {
        browser.Run($"document.querySelector('[name=brush-kind][value=\"{kind}\"]').click()");
        await browser.Until($"document.querySelector('[name=brush-kind]:checked').value === '{kind}'");
        browser.Drag("canvases", x, y);
    }

    private static void Press(Browser browser, string name) =>
        browser.Run($"document.querySelector('[aria-label={JsonSerializer.Serialize(name)}]').click()");

    private static void Set(Browser browser, string id, string value) => browser.Run(
        $"const field = document.getElementById('{id}'); field.value = '{value}'; field.dispatchEvent(new Event('input'))");
}
