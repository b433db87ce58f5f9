using System.Diagnostics;
using OpenQA.Selenium;
using OpenQA.Selenium.Chrome;
using OpenQA.Selenium.Interactions;

namespace NeuralStyle.Cli.Tests.Pages;

/// <summary>Chromium without a window, driven by Selenium.</summary>
internal sealed class Browser : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    private readonly ChromeDriver _driver;

    private Browser(ChromeDriver driver) => _driver = driver;

    /// <summary>Starts it; skips the test where Chromium or its driver is not installed. Nothing is downloaded.</summary>
    public static Browser Start()
    {
        var (driver, browser) = (Find("chromedriver"), Find("chromium", "chromium-browser", "google-chrome", "chrome"));
        Assert.SkipWhen(driver is null || browser is null, "needs Chromium and chromedriver");
        var service = ChromeDriverService.CreateDefaultService(Path.GetDirectoryName(driver), Path.GetFileName(driver));
        service.SuppressInitialDiagnosticInformation = true;
        var options = new ChromeOptions { BinaryLocation = browser };
        options.AddArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1200,1500");
        return new Browser(new ChromeDriver(service, options));
    }

    public void GoTo(Uri address) => _driver.Navigate().GoToUrl(address);

    /// <summary>Runs statements that return a value.</summary>
    public string Run(string script) => _driver.ExecuteScript($"return String((() => {{ {script} }})())")?.ToString() ?? "";

    /// <summary>The value of an expression.</summary>
    public string Eval(string expression) => Run($"return {expression}");

    /// <summary>Waits until an expression is true; fails, and says for what, after a minute.</summary>
    public async Task Until(string expression)
    {
        var clock = Stopwatch.StartNew();
        while (Eval(expression) != "true")
        {
            Assert.True(clock.Elapsed < s_patience, $"waited for: {expression}");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    public void Click(string id) => _driver.FindElement(By.Id(id)).Click();

    /// <summary>Types into a field, or chooses a file with it.</summary>
    public void Type(string id, string text) => _driver.FindElement(By.Id(id)).SendKeys(text);

    /// <summary>Presses the mouse in the middle of an element, moves it and releases it.</summary>
    public void Drag(string id, int x, int y) =>
        new Actions(_driver).MoveToElement(_driver.FindElement(By.Id(id))).ClickAndHold().MoveByOffset(x, y).Release().Perform();

    /// <summary>Drops files of the disk in the middle of an element, as a file manager does.</summary>
    public void DropFiles(string id, params string[] paths)
    {
        Run($"document.getElementById('{id}').scrollIntoView({{ block: 'center' }})");
        var place = Run($"const box = document.getElementById('{id}').getBoundingClientRect(); "
            + "return [box.left + box.width / 2, box.top + box.height / 2].map(Math.round)").Split(',').Select(int.Parse).ToArray();
        var data = new Dictionary<string, object?> { ["items"] = Array.Empty<object>(), ["files"] = paths, ["dragOperationsMask"] = 1 };
        foreach (var type in (string[])["dragEnter", "dragOver", "drop"])
        {
            _driver.ExecuteCdpCommand("Input.dispatchDragEvent",
                new Dictionary<string, object?> { ["type"] = type, ["x"] = place[0], ["y"] = place[1], ["data"] = data });
        }
    }

    /// <summary>Moves the mouse to the middle of an element.</summary>
    public void Hover(string id) => new Actions(_driver).MoveToElement(_driver.FindElement(By.Id(id))).Perform();

    /// <summary>Drags one element onto another with the mouse.</summary>
    public void DragOnto(string id, string target) =>
        new Actions(_driver).DragAndDrop(_driver.FindElement(By.Id(id)), _driver.FindElement(By.Id(target))).Perform();

    /// <summary>Presses keys in an element.</summary>
    public void Keys(string id, params string[] keys) => _driver.FindElement(By.Id(id)).SendKeys(string.Concat(keys));

    public void Reload() => _driver.Navigate().Refresh();

    /// <summary>Opens a further tab and goes there.</summary>
    public void OpenTab() => _driver.SwitchTo().NewWindow(WindowType.Tab);

    /// <summary>Goes to a tab, in the order in which they were opened.</summary>
    public void GoToTab(int index) => _driver.SwitchTo().Window(_driver.WindowHandles[index]);

    /// <summary>What the page wrote to the console as errors, refusals of its own policy among them.</summary>
    public IReadOnlyList<string> Errors() =>
        _driver.Manage().Logs.GetLog(LogType.Browser)
            .Where(entry => entry.Level == LogLevel.Severe)
            .Select(entry => entry.Message)
            .ToArray();

    public void Dispose() => _driver.Dispose();

    private static string? Find(params string[] names) => names
        .SelectMany(name => (Environment.GetEnvironmentVariable("PATH")
            ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? name + ".exe" : name)))
        .FirstOrDefault(File.Exists);
}
