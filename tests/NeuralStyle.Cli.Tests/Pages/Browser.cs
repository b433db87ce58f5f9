using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace NeuralStyle.Cli.Tests.Pages;

/// <summary>Chromium without a window, driven through chromedriver by the W3C WebDriver protocol.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private readonly Process _driver;
    private readonly HttpClient _http;
    private readonly string _session;

    private Browser(Process driver, HttpClient http, string session) => (_driver, _http, _session) = (driver, http, session);

    /// <summary>Starts both programs; skips the test where they are not installed.</summary>
    public static async Task<Browser> StartAsync()
    {
        Process driver;
        try
        {
            driver = Process.Start(new ProcessStartInfo("chromedriver", ["--port=0"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("chromedriver is not installed on this machine");
            throw;
        }
        var port = 0;
        while (port == 0 && await driver.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.Contains("started successfully on port ", StringComparison.Ordinal)) port = int.Parse(line.Split(' ')[^1].TrimEnd('.'), System.Globalization.CultureInfo.InvariantCulture);
        }
        var http = new HttpClient { BaseAddress = new UriBuilder("http", "127.0.0.1", port).Uri };
        string[] arguments = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1200,1500"];
        var answer = await Ask(http, "session", new { capabilities = new { alwaysMatch = new Dictionary<string, object> { ["browserName"] = "chrome", ["goog:chromeOptions"] = new { args = arguments } } } });
        if (!answer.TryGetProperty("sessionId", out var session))
        {
            driver.Kill();
            Assert.Skip($"Chromium does not start on this machine: {answer}");
        }
        return new Browser(driver, http, session.GetString()!);
    }

    public Task GoTo(Uri address) => Ask("url", new { url = address.ToString() });

    /// <summary>Runs a script that returns a value.</summary>
    public async Task<string> Eval(string script) => (await Ask("execute/sync", new { script = $"return String({script})", args = Array.Empty<object>() })).GetString()!;

    /// <summary>Waits until a script's value is true.</summary>
    public async Task Until(string script)
    {
        while (await Eval(script) != "true") await Task.Delay(50, TestContext.Current.CancellationToken);
    }

    public async Task Click(string id)
    {
        var element = (await Ask("element", new { @using = "css selector", value = "#" + id })).EnumerateObject().First().Value.GetString();
        await Ask($"element/{element}/click", new { });
    }

    public async ValueTask DisposeAsync()
    {
        using (await _http.DeleteAsync($"session/{_session}")) _driver.Kill(entireProcessTree: true);
        _http.Dispose();
        _driver.Dispose();
    }

    private Task<JsonElement> Ask(string command, object body) => Ask(_http, $"session/{_session}/{command}", body);

    private static async Task<JsonElement> Ask(HttpClient http, string path, object body)
    {
        using var content = new StringContent(JsonSerializer.Serialize(body), System.Text.Encoding.UTF8, "application/json"); // of known length: chromedriver takes no chunks
        using var response = await http.PostAsync(path, content, TestContext.Current.CancellationToken);
        return (await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("value");
    }
}
