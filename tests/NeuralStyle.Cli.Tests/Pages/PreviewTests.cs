using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using NetVips;
using NeuralStyle.Cli.Pages;
using NeuralStyle.Cli.Tests.Infra;

namespace NeuralStyle.Cli.Tests.Pages;

/// <summary>The page's answers, by HTTP alone.</summary>
public sealed class PreviewTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly HttpClient _http = new();
    private readonly string[] _endless;

    public PreviewTests()
    {
        TestInputs.WritePhotograph(_folder["content.png"], 64, 48);
        TestInputs.WritePainting(_folder["style.jpg"], 64, 64);
        TestInputs.WriteWeights(_folder["tiny.npz"]);
        _endless = ["content.png", "style.jpg", "-o", "out.png", "--weights", "tiny.npz", "--size", "64", "--min-size", "64", "--optimizer",
            "adam", "--first-iterations", "1000000", "-q"];
    }

    public void Dispose()
    {
        _http.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Events_tell_how_the_run_goes_and_the_picture_can_be_fetched()
    {
        await using var run = await PreviewedRun.StartAsync(_folder, [.. _endless, "--preview"]);
        JsonElement last = default;
        await foreach (var state in Events(run.Address))
        {
            last = state;
            if (state.TryGetProperty("pictureVersion", out var version)
                && version.GetInt32() > 0
                && state.GetProperty("lossVersion").GetInt32() > 1) break;
        }
        Assert.Equal("out.png", last.GetProperty("output").GetString());
        Assert.Equal((64, 48),
            (last.GetProperty("progress").GetProperty("width").GetInt32(), last.GetProperty("progress").GetProperty("height").GetInt32()));
        Assert.True(last.GetProperty("loss").GetDouble() > 0);
        var losses = await _http.GetStringAsync(new Uri(run.Address, "losses"), Token);
        foreach (var part in (string[])["<svg", "<polyline", "style relu3_1", "total variation"]) Assert.Contains(part, losses);
        foreach (var (name, size) in ((string, (int, int))[])[("current.jpg", (64, 48)), ("content.jpg", (64, 48)),
            ("style.jpg", (64, 64))])
        {
            using var image = Image.NewFromBuffer(await _http.GetByteArrayAsync(new Uri(run.Address, name), Token));
            Assert.Equal(size, (image.Width, image.Height));
        }
    }

    [Theory]
    [InlineData("127.0.0.2")]
    [InlineData("0.0.0.0")]
    public async Task The_printed_address_answers(string bind)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || bind == "0.0.0.0", "other systems have one loopback address");
        await using var run = await PreviewedRun.StartAsync(_folder, [.. _endless, "--preview", "--preview-bind", bind]);
        using var answer = await _http.GetAsync(run.Address, Token);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True(IPAddress.TryParse(run.Address.Host, out var shown) && !shown.Equals(IPAddress.Any), run.Address.Host);
    }

    [Fact]
    public void A_browser_leaves_out_port_80()
    {
        var guard = RequestGuard.Local(IPAddress.Loopback, 80);
        Assert.Null(guard.Refusal("127.0.0.1", "http://127.0.0.1", null));
        Assert.Null(guard.Refusal("localhost:80", null, null));
        Assert.NotNull(guard.Refusal("example.org", null, null));
        Assert.NotNull(RequestGuard.Local(IPAddress.Loopback, 8080).Refusal("127.0.0.1", null, null));
    }

    [Fact]
    public async Task Connections_are_limited_and_the_run_lives_on()
    {
        await using var run = await PreviewedRun.StartAsync(_folder, [.. _endless, "--preview"]);
        Assert.InRange(await HoldConnectionsAsync(run.Address.Port, 150), 80, 150);
        using var answer = await _http.GetAsync(run.Address, Token);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Connections_leave_the_run_the_handles_that_it_needs()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "limits of Unix");
        await using var run = await PreviewedRun.StartUnderAsync(_folder, "ulimit -n 220", [.. _endless, "--preview"]);
        await HoldConnectionsAsync(run.Address.Port, 450);
        using var answer = await _http.GetAsync(run.Address, Token);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    /// <summary>Opens connections, all at once, that say nothing, and closes them; returns how many the server had closed before.</summary>
    private static async Task<int> HoldConnectionsAsync(int port, int count)
    {
        var idle = new List<TcpClient>();
        try
        {
            for (var i = 0; i < count; i++)
            {
                var client = new TcpClient();
                idle.Add(client);
                await client.ConnectAsync(IPAddress.Loopback, port, Token);
            }
            await Task.Delay(1000, Token);
            return idle.Count(client => client.Client.Poll(0, SelectMode.SelectRead)); // by the server: it has not sent anything
        }
        finally
        {
            foreach (var client in idle) client.Dispose();
            await Task.Delay(500, Token);
        }
    }

    [Fact]
    public async Task The_order_to_save_writes_the_picture_so_far_and_the_order_to_stop_ends_the_run_with_its_picture()
    {
        await using var run = await PreviewedRun.StartAsync(_folder, [.. _endless, "--preview"]);
        Assert.Equal(HttpStatusCode.NoContent, (await Post(new Uri(run.Address, "save"))).StatusCode);
        while (Directory.GetFiles(_folder.Root, "out-1-*.png").Length == 0)
        {
            await Task.Delay(20, Token);
            await Post(new Uri(run.Address, "save")); // the first came before there was anything to save
        }
        Assert.Equal(HttpStatusCode.NoContent, (await Post(new Uri(run.Address, "stop"))).StatusCode);
        var end = await run.EndAsync();
        Assert.Equal(130, end.Code);
        Assert.Contains("the picture so far is in 'out.png'", end.Error);
        using var image = Image.NewFromFile(_folder["out.png"]);
        Assert.Equal(64, image.Width);
    }

    [Fact]
    public async Task A_pause_and_a_watched_run_change_no_byte()
    {
        string[] quick = [.. _endless.Select(arg => arg == "1000000" ? "150" : arg)];
        await using (var run = await PreviewedRun.StartAsync(_folder, [.. quick, "--preview"]))
        {
            await Post(new Uri(run.Address, "pause"));
            var seen = 0;
            await foreach (var state in Events(run.Address))
            {
                if (!state.TryGetProperty("progress", out var progress) || progress.ValueKind == JsonValueKind.Null) continue;
                if (++seen == 1)
                {
                    Assert.True(state.GetProperty("paused").GetBoolean());
                    Assert.True(progress.GetProperty("iteration").GetInt32() < 150);
                    await Post(new Uri(run.Address, "go-on"));
                }
                if (state.GetProperty("end").ValueKind != JsonValueKind.Null) break;
            }
            Assert.Equal(0, (await run.EndAsync()).Code);
        }
        File.Move(_folder["out.png"], _folder["watched.png"]);
        Assert.Equal(0, (await Nst.FinishAsync(Nst.Start(_folder.Root, quick))).Code);
        Assert.Equal(File.ReadAllBytes(_folder["out.png"]), File.ReadAllBytes(_folder["watched.png"]));
    }

    [Fact]
    public async Task Foreign_hosts_and_origins_are_refused()
    {
        await using var run = await PreviewedRun.StartAsync(_folder, [.. _endless, "--preview"]);
        foreach (var host in (string[])["evil.example", $"evil.example:{run.Address.Port}", "127.0.0.1:1"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, run.Address) { Headers = { Host = host } };
            Assert.Equal(HttpStatusCode.Forbidden, (await _http.SendAsync(request, Token)).StatusCode);
        }
        foreach (var origin in (string[])["http://evil.example", "null", $"https://127.0.0.1:{run.Address.Port}"])
            Assert.Equal(HttpStatusCode.Forbidden, (await Post(new Uri(run.Address, "stop"), origin)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent,
            (await Post(new Uri(run.Address, "pause"), $"http://127.0.0.1:{run.Address.Port}")).StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await _http.GetAsync(new Uri(run.Address, "stop"), Token)).StatusCode);
    }

    [Fact]
    public async Task Other_machines_need_the_token()
    {
        await using var run = await PreviewedRun.StartAsync(_folder, [.. _endless, "--preview", "--preview-bind", "0.0.0.0"]);
        Assert.Matches(@"^\?token=[0-9a-f]{32}$", run.Address.Query);
        var local = new UriBuilder("http", "127.0.0.1", run.Address.Port).Uri;
        foreach (var path in (string[])["", "events", "current.jpg", "?token=", "?token=0123456789abcdef0123456789abcdef"])
            Assert.Equal(HttpStatusCode.Forbidden, (await _http.GetAsync(new Uri(local, path), Token)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await Post(new Uri(local, "stop"))).StatusCode);
        var page = await _http.GetStringAsync(new Uri(local, run.Address.Query), Token);
        Assert.Contains($"preview.js{run.Address.Query}", page);
        Assert.Equal(HttpStatusCode.NoContent, (await Post(new Uri(local, $"stop{run.Address.Query}"))).StatusCode);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_an_error_before_the_run()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var result = await Nst.FinishAsync(Nst.Start(_folder.Root, [.. _endless, $"--preview:{port}"]));
        Assert.Equal(2, result.Code);
        Assert.Contains($"127.0.0.1:{port}",
            Assert.Single(result.Complaints, line => line.Contains("--preview", StringComparison.Ordinal)));
        Assert.False(File.Exists(_folder["out.png"]));
    }

    [Theory]
    [InlineData("--preview:x", "--preview-port is 'x'")]
    [InlineData("--preview:70000", "from 1 to 65535")]
    [InlineData("--preview-port=80", "without --preview")]
    [InlineData("--preview-bind=0.0.0.0", "without --preview")]
    public async Task Wrong_details_are_named(string option, string expected)
    {
        var result = await Nst.RunAsync([.. _endless, option]);
        Assert.Equal(2, result.Code);
        Assert.Contains(expected, result.Error);
    }

    [Fact]
    public async Task A_batch_shows_what_is_done()
    {
        Directory.CreateDirectory(_folder["in"]);
        foreach (var name in (string[])["a.png", "b.png"]) File.Copy(_folder["content.png"], _folder[$"in/{name}"]);
        File.WriteAllText(_folder["in/c.png"], "no picture");
        await using var run = await PreviewedRun.StartAsync(_folder, "batch", "in", "style.jpg", "-o", "results", "--weights", "tiny.npz",
            "--size", "64", "--min-size", "64", "--first-iterations", "30", "--preview", "-q");
        JsonElement last = default;
        await foreach (var state in Events(run.Address)) last = state;
        Assert.Equal(1, (await run.EndAsync()).Code);
        var batch = last.GetProperty("batch");
        Assert.Equal((3, 3, 1),
            (batch.GetProperty("total").GetInt32(), batch.GetProperty("done").GetInt32(), batch.GetProperty("failed").GetInt32()));
        Assert.Equal(["failed", "made", "made"],
            batch.GetProperty("finished").EnumerateArray().Select(picture => picture.GetProperty("kind").GetString()).Order());
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private async Task<HttpResponseMessage> Post(Uri address, string? origin = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address);
        if (origin is not null) request.Headers.TryAddWithoutValidation("Origin", origin);
        return await _http.SendAsync(request, Token);
    }

    private async IAsyncEnumerable<JsonElement> Events(Uri address)
    {
        using var response = await _http.GetAsync(new Uri(address, "events"), HttpCompletionOption.ResponseHeadersRead, Token);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Token));
        while (await reader.ReadLineAsync(Token) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal)) yield return JsonDocument.Parse(line[6..]).RootElement.Clone();
        }
    }
}
