using System.Globalization;
using NetVips;
using NeuralStyle.Cli.Tests.Films;
using NeuralStyle.Cli.Tests.Infra;

namespace NeuralStyle.Cli.Tests.Pages;

/// <summary>The page in a real browser.</summary>
public sealed class PreviewBrowserTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_page_shows_the_picture_and_the_curves_and_its_button_stops_the_run()
    {
        TestInputs.WritePhotograph(_folder["content.png"], 64, 48);
        TestInputs.WritePainting(_folder["style.jpg"], 64, 64);
        TestInputs.WriteWeights(_folder["tiny.npz"]);
        using var browser = Browser.Start();
        await using var run = await PreviewedRun.StartAsync(_folder, "content.png", "style.jpg", "-o", "out.png", "--weights", "tiny.npz",
            "--size", "64", "--min-size", "64", "--first-iterations", "1000000", "--preview", "-q");
        browser.GoTo(run.Address);
        await browser.Until("document.getElementById('current').naturalWidth === 64");
        await browser.Until("document.getElementById('other').naturalWidth === 64");
        await browser.Until("[...document.querySelectorAll('#losses figure')].map(figure => "
            + "figure.querySelectorAll('polyline').length).join(' ') === '4 5'");
        await browser.Until("document.querySelector('#losses polyline').getBoundingClientRect().width > 300");
        var before = browser.Eval("document.querySelector('#losses .legend b').textContent");
        await browser.Until($"document.querySelector('#losses .legend b').textContent !== '{before}'");

        browser.Click("pause");
        await browser.Until("document.getElementById('where').textContent.includes('paused')");
        browser.Click("pause");
        await browser.Until("!document.getElementById('where').textContent.includes('paused')");

        browser.Click("stop");
        await browser.Until("document.getElementById('where').textContent.includes('stopped')");
        Assert.Empty(browser.Errors());
        Assert.Equal(130, (await run.EndAsync()).Code);
        using var image = Image.NewFromFile(_folder["out.png"]);
        Assert.Equal((64, 48), (image.Width, image.Height));
    }

    [Fact]
    public async Task The_page_of_a_film_with_passes_counts_each_pass_and_shows_each_frame_beside_its_source()
    {
        TestFilms.WriteFrames(_folder["in"], 3);
        TestInputs.WritePainting(_folder["style.jpg"], 64, 64);
        TestInputs.WriteWeights(_folder["tiny.npz"]);
        using var browser = Browser.Start();
        await using var run = await PreviewedRun.StartAsync(_folder, "video", "in", "style.jpg", "-o", "out", "--weights", "tiny.npz",
            "--size", "64", "--first-iterations", "3", "--iterations", "3", "--frame-iterations", "150", "--optimizer", "adam", "--passes",
            "2", "--cuts", "none", "--preview", "-q");
        browser.GoTo(run.Address);
        foreach (var (number, painted) in ((int, int)[])[(3, 3), (2, 4), (1, 5)]) // the second pass goes backward
        {
            await browser.Until($"document.getElementById('where').textContent.startsWith('frame {number} of 3 · pass 2 of 2 · ')");
            var share = double.Parse(browser.Eval("parseFloat(document.getElementById('done').style.width)"), CultureInfo.InvariantCulture);
            Assert.InRange(share, 100.0 * painted / 6 - 0.1, 100.0 * (painted + 1) / 6);
            await browser.Until($"document.getElementById('other').src.endsWith('&frame={number}')");
            await browser.Until("document.getElementById('other').naturalWidth === 64");
            Assert.Matches("^[0-9]+:[0-9]{2} left$", browser.Eval("document.getElementById('left').textContent"));
        }
        await browser.Until("document.querySelectorAll('#losses polyline').length > 0");
        browser.Click("stop");
        await browser.Until("document.getElementById('where').textContent.includes('painted frames are kept')");
        Assert.Empty(browser.Errors());
        Assert.Equal(130, (await run.EndAsync()).Code);
    }
}
