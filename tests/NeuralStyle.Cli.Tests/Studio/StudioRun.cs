using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using NeuralStyle.Cli.Tests.Infra;

namespace NeuralStyle.Cli.Tests.Studio;

/// <summary>The real <c>nst studio</c> of a folder, and its requests as a page makes them.</summary>
internal sealed class StudioRun : IAsyncDisposable
{
    /// <summary>What the requests call their page.</summary>
    public const string Page = "0123456789abcdef";

    private readonly Process _process;
    private readonly StringBuilder _error = new();
    private readonly HttpClient _http = new();

    private StudioRun(Process process) => _process = process;

    /// <summary>The address that the program printed.</summary>
    public Uri Address { get; private set; } = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Writes the inputs of a studio: a photograph, a painting and a small network.</summary>
    public static void WriteInputs(TempFolder folder)
    {
        Directory.CreateDirectory(folder["studio"]);
        TestInputs.WritePhotograph(folder["studio", "content.png"], 64, 48);
        TestInputs.WritePainting(folder["studio", "style.jpg"], 64, 64);
        TestInputs.WriteWeights(folder["tiny.npz"]);
    }

    /// <summary>Starts it in the folder <c>studio</c> and waits for the address.</summary>
    public static Task<StudioRun> StartAsync(TempFolder folder) => StartAsync(folder, new Dictionary<string, string>(), open: false);

    /// <summary>The same, with environment variables, and perhaps with a browser.</summary>
    public static async Task<StudioRun> StartAsync(TempFolder folder, IReadOnlyDictionary<string, string> environment, bool open)
    {
        var run = new StudioRun(Nst.Start(folder.Root, environment,
            ["studio", "studio", "--weights", "tiny.npz", "--threads", "1", .. open ? (ReadOnlySpan<string>)[] : ["--no-open"]]));
        while (await run._process.StandardError.ReadLineAsync(Token) is { } line)
        {
            run._error.AppendLine(line);
            if (!line.Contains("studio: http", StringComparison.Ordinal)) continue;
            run.Address = new Uri(line[line.IndexOf("http", StringComparison.Ordinal)..]);
            return run;
        }
        throw new InvalidOperationException($"no address: {run._error}");
    }

    /// <summary>A wish for a picture of 64 pixels.</summary>
    public static object Wish(int iterations, string content = "content.png", string style = "style.jpg") =>
        new { content, styles = (string[])[style], size = 64, iterations };

    /// <summary>The address of a request, with the token.</summary>
    public Uri At(string path) => new(Address, $"{path}{(path.Contains('?') ? "&" : "?")}{Address.Query.TrimStart('?')}&page={Page}");

    public Task<HttpResponseMessage> Get(string path) => _http.GetAsync(At(path), Token);

    public Task<HttpResponseMessage> Send(HttpRequestMessage request) => _http.SendAsync(request, Token);

    public async Task<(int Code, JsonElement Answer)> Post(string path, object? body = null)
    {
        using var content = body switch
        {
            null => null,
            byte[] bytes => new ByteArrayContent(bytes),
            _ => (HttpContent)JsonContent.Create(body),
        };
        using var answer = await _http.PostAsync(At(path), content, Token);
        return ((int)answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>(Token));
    }

    public async Task<JsonElement> Lists() => await _http.GetFromJsonAsync<JsonElement>(At("lists"), Token);

    public async Task<JsonElement> State() => await _http.GetFromJsonAsync<JsonElement>(At("state"), Token);

    /// <summary>The states of the queue, by output.</summary>
    public async Task<string> Queue() => string.Join(' ',
        (await State()).GetProperty("queue").EnumerateArray().Select(item => item.GetProperty("state").GetString()));

    /// <summary>Waits until the states of the queue are these.</summary>
    public async Task Until(string queue)
    {
        while (await Queue() is var now && now != queue)
        {
            Assert.DoesNotContain("failed", now);
            await Task.Delay(30, Token);
        }
    }

    /// <summary>What it writes to stderr after the address.</summary>
    public StreamReader Lines() => _process.StandardError;

    /// <summary>Ends it as a crash does.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(Token);
    }

    /// <summary>Ends it by a signal.</summary>
    public async Task<int> EndAsync(string signal)
    {
        Nst.Signal(_process, signal);
        await _process.WaitForExitAsync(Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
