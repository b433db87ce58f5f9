using NeuralStyle.Cli.Tests.Infra;

namespace NeuralStyle.Cli.Tests.Pages;

/// <summary>The pages in a real browser, headless: their scripts run under their own policy, and do what they should.</summary>
public sealed class ReportBrowserTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public ReportBrowserTests()
    {
        Directory.CreateDirectory(_folder["photos"]);
        TestInputs.WritePhotograph(_folder["photos/lake.png"], 96, 64);
        TestInputs.WritePhotograph(_folder["photos/town.png"], 64, 64);
        TestInputs.WritePainting(_folder["style.png"], 80, 80);
        TestInputs.WriteWeights(_folder["tiny.npz"]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_wheel_enlarges_and_the_slider_moves_the_border()
    {
        Assert.Equal(0,
            (await Run(_folder["photos/lake.png"], _folder["style.png"], "-o", _folder["out.png"], "--report", _folder["page.html"])).Code);
        var seen = Browse("""
            const stage = document.querySelector('.stage'), slider = document.querySelector('input[type=range]');
            const box = stage.getBoundingClientRect();
            slider.value = 20;
            slider.dispatchEvent(new Event('input'));
            stage.dispatchEvent(new WheelEvent('wheel', { deltaY: -400, clientX: box.left, clientY: box.top, cancelable: true }));
            const image = stage.querySelector('img');
            const line = parseFloat(getComputedStyle(stage.querySelector('.line')).left);
            const share = Math.round(image.getBoundingClientRect().width / box.width * 100);
            return [Math.abs(line - box.width * 0.2) < 1, image.naturalWidth, share, stage.className].join(' ');
            """);
        Assert.Equal("true 96 272 stage zoomed pixels", seen);
    }

    [Fact]
    public async Task A_contact_sheet_is_filtered_by_name()
    {
        Assert.Equal(0,
            (await Run("batch", _folder["photos"], _folder["style.png"], "-o", _folder["out"], "--report", _folder["page.html"])).Code);
        var seen = Browse("""
            const before = document.querySelectorAll('.card:not([hidden])').length;
            search.value = 'LAKE style';
            search.dispatchEvent(new Event('input'));
            const visible = document.querySelectorAll('.card:not([hidden])').length;
            return [before, visible, shown.textContent, document.querySelector('.card img').naturalWidth].join(' ');
            """);
        Assert.Equal("2 1 1 of 2 96", seen);
    }

    /// <summary>Runs JavaScript in the page, after its own.</summary>
    private string Browse(string script)
    {
        using var browser = Browser.Start();
        browser.GoTo(new Uri(_folder["page.html"]));
        var seen = browser.Run(script);
        Assert.Empty(browser.Errors());
        return seen;
    }

    private Task<NstResult> Run(params string[] args) =>
        Nst.RunAsync([.. args, "--weights", _folder["tiny.npz"], "--size", "96", "--min-size", "96", "--first-iterations", "2", "--device",
            "cpu", "-q"]);
}
