using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using NeuralStyle.Cli.Tests.Infra;

namespace NeuralStyle.Cli.Tests.Studio;

/// <summary><c>nst studio</c> by HTTP alone: who may ask for what, and what becomes of a queue.</summary>
public sealed class StudioTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public StudioTests() => StudioRun.WriteInputs(_folder);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Only_its_own_page_with_its_token_is_answered_and_only_pictures_of_the_folder_are_read_and_written()
    {
        TestInputs.WritePhotograph(_folder["secret.png"], 32, 32);
        await using var run = await StudioRun.StartAsync(_folder);
        var bare = new UriBuilder(run.Address) { Query = "" }.Uri;
        foreach (var path in (string[])["", "lists", "events", "thumb.jpg?id=content.png", "file?id=content.png", "studio.js", "?token=0",
            $"?token={new string('0', 32)}"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(bare, path));
            Assert.Equal(HttpStatusCode.Forbidden, (await run.Send(request)).StatusCode);
        }
        foreach (var host in (string[])["evil.example", $"evil.example:{bare.Port}", "127.0.0.1:1"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, run.Address) { Headers = { Host = host } };
            Assert.Equal(HttpStatusCode.Forbidden, (await run.Send(request)).StatusCode);
        }
        foreach (var origin in (string[])["http://evil.example", "null", $"https://127.0.0.1:{bare.Port}"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, run.At("paint")) { Headers = { { "Origin", origin } } };
            Assert.Equal(HttpStatusCode.Forbidden, (await run.Send(request)).StatusCode);
        }
        using (var page = await run.Get(""))
        {
            var policy = Assert.Single(page.Headers.GetValues("Content-Security-Policy"));
            Assert.Contains("script-src 'self'", policy);
            Assert.DoesNotContain("unsafe", policy);
            var html = await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.DoesNotContain("style=", html);
            Assert.DoesNotMatch("<script>|\\son[a-z]+=", html);
        }

        foreach (var id in (string[])["../secret.png", "nst-results/../../secret.png", "/etc/passwd", "..%2fsecret.png"])
        {
            foreach (var what in (string[])["thumb.jpg", "view.jpg", "file"])
            {
                using var answer = await run.Get($"{what}?id={Uri.EscapeDataString(id)}");
                Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            }
            Assert.Equal(400, (await run.Post("paint", StudioRun.Wish(1, content: id))).Code);
        }
        using (var answer = await run.Get("file?id=content.png"))
            Assert.Equal(File.ReadAllBytes(_folder["studio", "content.png"]), await answer.Content.ReadAsByteArrayAsync(Token));

        var png = File.ReadAllBytes(_folder["secret.png"]);
        var (code, kept) = await run.Post($"upload?name={Uri.EscapeDataString("../../../<b onclick=x>'\".png")}", png);
        Assert.Equal((200, "nst-results/inputs/b onclick=x'.png"), (code, kept.GetProperty("id").GetString()));
        foreach (var (name, bytes, why) in ((string, byte[], string)[])[("a.svg", "<svg/>"u8.ToArray(), "does not end like"),
            ("a.png", "<svg xmlns='http://www.w3.org/2000/svg'/>"u8.ToArray(), "'a.png'"), ("b.png", png[..^40], "'b.png'"),
            ("c.png", Huge(), "megapixels")])
        {
            (code, kept) = await run.Post($"upload?name={name}", bytes);
            Assert.Equal(400, code);
            Assert.Contains(why, kept.GetProperty("error").GetString());
        }
        Assert.Equal(400, (await run.Post("mask", "GIF89a"u8.ToArray())).Code);
        Assert.Equal(413, await Claim(run, "upload?name=a.png", bytes: 300 << 20));
        Assert.Equal(413, await Claim(run, "mask", bytes: 20 << 20));
        Assert.Equal(413, await Claim(run, "paint", bytes: 1 << 20));
        Assert.Equal(["b onclick=x'.png"], Directory.GetFiles(_folder["studio", "nst-results", "inputs"]).Select(Path.GetFileName));
        Assert.Equal(["secret.png", "tiny.npz"], Directory.GetFiles(_folder.Root).Select(Path.GetFileName).Order());

        foreach (var (wish, why) in ((object, string)[])[(new { content = "content.png", styles = (string[])[] }, "choose a style"),
            (new { content = "content.png", styles = (string[])["style.jpg"], strength = 2 }, "--strength is 2"),
            (new { content = "content.png", styles = (string[])["style.jpg"], preset = "--output" }, "--preset"),
            (new { content = "content.png", styles = (string[])["style.jpg"], color = "--log=/tmp/x" }, "--color"),
            (new { content = "content.png", styles = (string[])["style.jpg"], output = "/tmp/x" }, "reload")])
        {
            (code, kept) = await run.Post("paint", wish);
            Assert.Equal(400, code);
            Assert.Contains(why, kept.GetProperty("error").GetString());
        }
        var other = await Nst.FinishAsync(Nst.Start(_folder.Root, "studio", "studio", "--weights", "tiny.npz", "--no-open"));
        Assert.Equal(2, other.Code);
        Assert.Contains("is open in another nst studio", Assert.Single(other.Complaints));
        Assert.Equal(143, await run.EndAsync("TERM"));
    }

    [Fact]
    public async Task A_queue_survives_a_kill_and_gives_the_bytes_of_the_command_that_the_page_shows()
    {
        double before;
        string command;
        await using (var run = await StudioRun.StartAsync(_folder))
        {
            await run.Post("paint", StudioRun.Wish(1_000_000));
            await run.Post("paint", StudioRun.Wish(5));
            await run.Post("paint", StudioRun.Wish(5, content: "style.jpg", style: "content.png"));
            while ((before = Iteration(await run.State())) < 3) await Task.Delay(20, Token);
            await run.Post("pause?id=1");
            await run.Post("pause?id=3");
            await run.Until("paused done paused");
            await run.Post("go-on?id=1");
            await run.Until("painting done paused");
            command = (await run.Post("command", StudioRun.Wish(5))).Answer.GetProperty("command").GetString()!;
            await run.KillAsync();
        }
        await using (var run = await StudioRun.StartAsync(_folder))
        {
            await run.Until("painting done paused");
            while (Iteration(await run.State()) is var now && now < before)
            {
                Assert.True(now is 0 or > 2, "the run began again");
                await Task.Delay(20, Token);
            }
            Assert.Equal(130, await run.EndAsync("INT"));
        }
        await using (var run = await StudioRun.StartAsync(_folder))
        {
            await run.Until("painting done paused");
            while (Iteration(await run.State()) < before) await Task.Delay(20, Token);
            await run.Post("stop?id=1");
            await run.Until("stopped done paused");
            File.WriteAllText(_folder["studio", "nst-results", "style--content.png"], "someone else's"); // appeared meanwhile
            await run.Post("go-on?id=3");
            await run.Until("stopped done done");
            Assert.Equal("someone else's", File.ReadAllText(_folder["studio", "nst-results", "style--content.png"]));
            var results = (await run.Lists()).GetProperty("results").EnumerateArray().ToArray();
            Assert.Equal(["nst-results/content--style-2.png", "nst-results/content--style.png", "nst-results/style--content-2.png"],
                results.Select(result => result.GetProperty("id").GetString()).Order());
            Assert.Equal([false], results.Where(result => !result.GetProperty("completed").GetBoolean()).Select(_ => false));
            Assert.Equal(5, results[0].GetProperty("wish").GetProperty("iterations").GetInt32());
            await run.Post("remove?id=1");
            await run.Until("done done");
            Assert.True(File.Exists(_folder["studio", "nst-results", "content--style.png"]));
            Assert.Empty(Directory.GetFiles(_folder["studio", "nst-results"], "*.nst-checkpoint"));
        }
        Assert.Contains("-o nst-results/content--style-3.png", command);
        var made = await Nst.FinishAsync(Nst.Start(_folder["studio"], command.Split(' ')[1..]));
        Assert.Equal(0, made.Code);
        Assert.Equal(File.ReadAllBytes(_folder["studio", "nst-results", "content--style-2.png"]),
            File.ReadAllBytes(_folder["studio", "nst-results", "content--style-3.png"]));
    }

    [Fact]
    public async Task A_trial_ends_when_it_is_cancelled_or_replaced_and_pages_have_their_own()
    {
        await using var run = await StudioRun.StartAsync(_folder);
        var many = Enumerable.Repeat(StudioRun.Wish(1), 16).ToArray();
        Assert.Equal(200, (await run.Post("grid?size=320", many)).Code);
        Assert.Equal(200, (await run.Post("trial?size=64", StudioRun.Wish(1))).Code); // goes first
        while (Cells(await run.State(), "trial") is not ["done"]) await Task.Delay(60, Token);
        await run.Post("cancel?what=grid");
        while (Cells(await run.State(), "grid").Any(state => state is "painting" or "waiting")) await Task.Delay(60, Token);
        Assert.Contains("stopped", Cells(await run.State(), "grid"));
        using (var picture = await run.Get("trial.jpg?v=1")) Assert.Equal("image/jpeg", picture.Content.Headers.ContentType?.MediaType);
        using (var others = await run.Send(new HttpRequestMessage(HttpMethod.Get,
            run.At("trial.jpg").ToString().Replace(StudioRun.Page, "fedcba9876543210", StringComparison.Ordinal))))
            Assert.Equal(HttpStatusCode.NoContent, others.StatusCode);
        Assert.Equal(["content.png", "nst-results", "style.jpg"],
            Directory.GetFileSystemEntries(_folder["studio"]).Select(Path.GetFileName).Order());

        // two styles by region: a mask with a black and a white half
        using var half = NetVips.Image.Black(32, 48).Invert().Embed(0, 0, 64, 48, extend: NetVips.Enums.Extend.Black);
        var regions = (await run.Post("mask", half.PngsaveBuffer())).Answer.GetProperty("id").GetString();
        // Firefox adds a random chunk to each picture: the same mask all the same
        var noted = half.Copy().Mutate(image => image.Set(NetVips.GValue.GStrType, "png-comment-0-noise", "x1"));
        Assert.NotEqual(half.PngsaveBuffer(), noted.PngsaveBuffer());
        Assert.Equal(regions, (await run.Post("mask", noted.PngsaveBuffer())).Answer.GetProperty("id").GetString());
        var (code, answer) = await run.Post("trial?size=64",
            new { content = "content.png", styles = (string[])["style.jpg", "content.png"], regions });
        Assert.True(code == 200, $"{answer}");
        while (Cells(await run.State(), "trial") is not ["done"]) await Task.Delay(60, Token);
        Assert.Equal(400, (await run.Post("grid?size=64", Enumerable.Repeat(StudioRun.Wish(1), 17).ToArray())).Code);
        Assert.Equal(400, (await run.Post("trial?size=5000", StudioRun.Wish(1))).Code);
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(3, "nst: note: no browser could be opened; open the address yourself")]
    public async Task The_address_is_opened_in_the_browser_of_the_desktop(int answer, string note)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "xdg-open is of Linux");
        Directory.CreateDirectory(_folder["bin"]);
        File.WriteAllText(_folder["bin", "xdg-open"], $"#!/bin/sh\necho chatter >&2\necho \"$@\" > '{_folder["opened"]}'\nexit {answer}\n");
        if (OperatingSystem.IsLinux())
            File.SetUnixFileMode(_folder["bin", "xdg-open"], UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var path = _folder["bin"] + ":" + Environment.GetEnvironmentVariable("PATH");
        await using var run = await StudioRun.StartAsync(_folder,
            new Dictionary<string, string> { ["PATH"] = path, ["DISPLAY"] = ":9" }, open: true);
        while (!File.Exists(_folder["opened"]) || File.ReadAllText(_folder["opened"]).Length == 0) await Task.Delay(20, Token);
        Assert.Equal(run.Address.ToString(), File.ReadAllText(_folder["opened"]).Trim());
        var lines = run.Lines();
        while (note.Length > 0 && await lines.ReadLineAsync(Token) is { } line && line != note)
            Assert.StartsWith("nst: note: results", line);
        Assert.Equal(130, await run.EndAsync("INT"));
        Assert.DoesNotContain("chatter", await lines.ReadToEndAsync(Token));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static double Iteration(JsonElement state) =>
        state.GetProperty("queue")[0].GetProperty("work") is { ValueKind: JsonValueKind.Object } work
        && work.GetProperty("iteration") is { ValueKind: JsonValueKind.Number } number ? number.GetInt32() : 0;

    private static string[] Cells(JsonElement state, string what) => state.GetProperty(what) is { ValueKind: JsonValueKind.Object } trial
        ? trial.GetProperty("cells").EnumerateArray().Select(cell => cell.GetProperty("state").GetString()!).ToArray()
        : [];

    /// <summary>A PNG whose header claims 900 megapixels.</summary>
    private byte[] Huge()
    {
        var png = File.ReadAllBytes(_folder["secret.png"]);
        png[17] = png[21] = 0; // of the chunk IHDR, which begins with width and height at 16
        (png[18], png[19], png[22], png[23]) = (0x75, 0x30, 0x75, 0x30); // 30000
        BitConverter.GetBytes(System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(
            System.IO.Hashing.Crc32.HashToUInt32(png.AsSpan(12, 17)))).CopyTo(png, 29);
        return png;
    }

    /// <summary>The status of a request that only says how much it would send.</summary>
    private static async Task<int> Claim(StudioRun run, string path, int bytes)
    {
        var target = run.At(path);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, target.Port, Token);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST {target.PathAndQuery} HTTP/1.1\r\nHost: {target.Authority}\r\nContent-Length: {bytes}\r\n\r\n"), Token);
        using var reader = new StreamReader(stream);
        return int.Parse((await reader.ReadLineAsync(Token))!.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }
}
