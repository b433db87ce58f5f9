using System.Net;
using System.Net.Sockets;
using NeuralStyle.Weights;
using NeuralStyle.Weights.Download;
using NeuralStyle.Tests.Infra;

namespace NeuralStyle.Tests.Weights;

/// <summary>Everything that servers and networks do wrong: a clear line, and nothing installed.</summary>
[Collection(Apart.Collection), Trait(Apart.Trait, Apart.Value)]
public sealed class FetchFailureTests : IDisposable
{
    /// <summary>
    /// Few retries and short pauses; long patience all the same, since the server shares a busy machine with the other tests.
    /// </summary>
    internal static readonly FetchOptions Impatient = new() { StallTimeout = TimeSpan.FromSeconds(30), Retries = 2,
        FirstPause = TimeSpan.FromMilliseconds(1), MaximumBytes = 20_000_000 };

    private readonly byte[] _file = LargeFiles.Create("w.npz", SmallVgg.Create(), 200_000);
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_404_is_final()
    {
        using var server = new LocalServer((_, _, stream, token) => LocalServer.SendAsync(stream, "404 Not Found", [], default, token));
        Fails<RunFailedException>(server.Url("w.npz"), "404 (Not Found)");
        Assert.Single(server.Requests);
    }

    [Fact]
    public void Errors_of_the_server_are_tried_again()
    {
        using var server = new LocalServer((request, count, stream, token) => count % 2 == 0
            ? LocalServer.SendAsync(stream, "500 Oops", [], default, token)
            : LocalServer.SendRangeAsync(request, _file, stream, token));
        SmallVgg.AssertSame(SmallVgg.Create(), Fetch(server.Url("w.npz")).Weights);
    }

    [Fact]
    public void Lasting_errors_of_the_server_are_given_up_on()
    {
        using var server = new LocalServer((_, _, stream, token) => LocalServer.SendAsync(stream, "503 Busy", [], default, token));
        Fails<RunFailedException>(server.Url("w.npz"), "503 (Busy); gave up after 3 attempts, run the same command again");
        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public void A_connection_cut_in_the_middle_goes_on_from_there()
    {
        using var server =
            new LocalServer((request, _, stream, token) => LocalServer.SendRangeAsync(request, _file, stream, token, cutAfter: 30_000));
        var result = Fetch(server.Url("w.npz"), request => request with { Keep = true });
        Assert.Equal(_file, File.ReadAllBytes(_folder["out", "w.npz.original"]));
        Assert.InRange(result.BytesFetched, _file.Length, _file.Length + 20_000);
    }

    [Fact]
    public void A_server_that_always_cuts_at_the_same_byte_is_given_up_on()
    {
        using var server = new LocalServer((_, _, stream, token) =>
            LocalServer.SendAsync(stream, "200 OK", [$"Content-Length: {_file.Length}"], _file.AsMemory(0, 100_000), token));
        Fails<RunFailedException>(server.Url("w.npz"), "gave up after");
        Assert.InRange(server.Requests.Count, 3, 5);
    }

    [Fact]
    public void A_server_that_falls_silent_is_given_up_on()
    {
        using var server = new LocalServer(async (_, _, stream, token) =>
        {
            await LocalServer.SendAsync(stream, "200 OK", ["Content-Length: 1000000"], new byte[1000], token);
            await Task.Delay(Timeout.Infinite, token);
        });
        Fails<RunFailedException>(server.Url("w.npz"), "no answer in time",
            request => request with { Options = Impatient with { StallTimeout = TimeSpan.FromMilliseconds(100) } });
    }

    [Fact]
    public void A_slow_server_is_waited_for()
    {
        var small = new NpzBuilder().Add(SmallVgg.Create([1])).ToBytes();
        using var server = new LocalServer(async (_, _, stream, token) =>
        {
            await LocalServer.SendAsync(stream, "200 OK", [$"Content-Length: {small.Length}"], default, token);
            foreach (var piece in small.Chunk(small.Length / 16 + 1))
            {
                await Task.Delay(200, token); // three seconds in all, more than the patience for any one piece
                await stream.WriteAsync(piece, token);
            }
        });
        SmallVgg.AssertSame(SmallVgg.Create([1]), Fetch(server.Url("w.npz"),
            request => request with { Options = Impatient with { StallTimeout = TimeSpan.FromMilliseconds(2500) } }).Weights);
    }

    [Fact]
    public void An_endless_body_is_broken_off()
    {
        using var server = new LocalServer(async (_, _, stream, token) =>
        {
            await LocalServer.SendAsync(stream, "200 OK", [], default, token);
            while (true) await stream.WriteAsync(new byte[1 << 16], token);
        });
        Fails<RunFailedException>(server.Url("w.npz"), "offers more than 1000000 bytes",
            request => request with { Options = Impatient with { MaximumBytes = 1_000_000 } });
        Assert.Empty(Directory.GetFiles(_folder["out"], "test*"));
    }

    [Fact]
    public void A_file_far_larger_than_published_is_not_begun()
    {
        using var server = new LocalServer((_, _, stream, token) =>
            LocalServer.SendAsync(stream, "200 OK", ["Content-Length: 900000000000"], default, token));
        Fails<RunFailedException>(server.Url("w.npz"), "offers more than 100000000 bytes",
            request => request with { Source = KnownSources.Parse("vgg19"), Options = new FetchOptions() });
    }

    [Fact]
    public void A_file_of_another_size_than_published_is_refused()
    {
        using var server = new LocalServer(_file);
        Fails<RunFailedException>(server.Url("w.npz"), $"has {_file.Length} bytes, expected 553436134",
            request => request with { Source = KnownSources.Parse("vgg16-npz") });
    }

    [Theory]
    [InlineData("vgg19", "its MD5")]
    [InlineData("vgg19-torchvision", "the beginning of its SHA-256")]
    public void A_file_with_another_hash_than_published_is_refused(string name, string expected)
    {
        using var server = new LocalServer(_file);
        Fails<RunFailedException>(server.Url("w.npz"), expected, request => request with { Source = KnownSources.Parse(name) });
        Assert.Empty(Directory.GetFiles(_folder["out"], "*.part"));
    }

    [Fact]
    public void A_file_with_another_hash_than_the_user_gave_is_refused()
    {
        using var server = new LocalServer(_file);
        Fails<RunFailedException>(server.Url("w.npz"), "nothing was installed", request => request with { Sha256 = new string('a', 64) });
    }

    [Fact]
    public void Values_that_differ_from_the_first_time_are_refused()
    {
        var file = _file;
        using var server = new LocalServer((request, _, stream, token) => LocalServer.SendRangeAsync(request, file, stream, token));
        Assert.Contains("is now remembered", Fetch(server.Url("w.npz")).Verification);
        Assert.Equal("the values are those fetched earlier", Fetch(server.Url("w.npz")).Verification);
        file = LargeFiles.Create("w.npz", SmallVgg.Create(seed: 9), 200_000);
        Fails<RunFailedException>(server.Url("w.npz"), "are not those fetched earlier", isInstalledBefore: true);
    }

    [Fact]
    public void A_member_damaged_on_the_way_is_noticed_by_its_checksum()
    {
        var file = _file.ToArray();
        file[file.AsSpan().IndexOf("conv2_1_W"u8) + 300] ^= 0x40;
        using var server = new LocalServer(file);
        Fails<InvalidInputException>(server.Url("w.npz"), "does not match its checksum");
        Assert.Empty(Directory.GetFiles(_folder["out"], "*.part"));
    }

    [Fact]
    public void Something_that_is_no_weights_file_is_refused()
    {
        using var server = new LocalServer((_, _, stream, token) =>
            LocalServer.SendAsync(stream, "200 OK", [], "<html>Please log in</html>"u8.ToArray(), token));
        Fails<InvalidInputException>(server.Url("w.npz"), "it is a web page");
    }

    [Fact]
    public void A_redirect_loop_is_left()
    {
        using var server =
            new LocalServer((_, _, stream, token) => LocalServer.SendAsync(stream, "302 Found", ["Location: /again"], default, token));
        Fails<RunFailedException>(server.Url("w.npz"), "redirects more than 10 times");
    }

    [Fact]
    public void A_redirect_within_the_machine_is_followed()
    {
        using var server = new LocalServer((request, _, stream, token) => request.Target == "/there"
            ? LocalServer.SendRangeAsync(request, _file, stream, token)
            : LocalServer.SendAsync(stream, "307 Over", ["Location: /there"], default, token));
        SmallVgg.AssertSame(SmallVgg.Create(), Fetch(server.Url("w.npz")).Weights);
    }

    [Theory]
    [InlineData("http://example.com/w.npz")]
    [InlineData("ftp://example.com/w.npz")]
    [InlineData("file:///etc/passwd")]
    public void A_redirect_to_anything_but_https_is_refused(string target)
    {
        using var server =
            new LocalServer((_, _, stream, token) => LocalServer.SendAsync(stream, "301 Moved", [$"Location: {target}"], default, token));
        Fails<RunFailedException>(server.Url("w.npz"), "which is not https: refused");
    }

    [Theory]
    [InlineData("http://example.com/w.npz")]
    [InlineData("ftp://127.0.0.1/w.npz")]
    [InlineData("file:///etc/passwd")]
    public void Anything_but_https_is_refused_at_once(string url) => Fails<InvalidInputException>(new Uri(url), "expected https");

    [Fact]
    public void A_file_that_changes_while_it_is_fetched_is_noticed()
    {
        using var server = new LocalServer((request, count, stream, token) =>
            LocalServer.SendRangeAsync(request, _file, stream, token, etag: $"\"{count}\""));
        Fails<RunFailedException>(server.Url("w.npz"), "changed on the server");
    }

    [Fact]
    public void A_server_that_is_not_there_is_named()
    {
        using var reserved = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        reserved.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // nobody listens there, and no other test's server can get the port
        Fails<RunFailedException>(new Uri($"http://127.0.0.1:{((IPEndPoint)reserved.LocalEndPoint!).Port}/w.npz"),
            "gave up after 3 attempts");
    }

    [Fact]
    public void A_server_whose_name_is_unknown_is_final()
    {
        Assert.SkipWhen(HttpClient.DefaultProxy.GetProxy(new Uri("https://nst.invalid/")) is not null, "a proxy answers for every name");
        Fails<RunFailedException>(new Uri("https://nst.invalid/w.npz"), "is this machine online?");
    }

    [Fact]
    public void A_second_fetch_into_the_same_folder_is_refused()
    {
        using var server = new LocalServer(_file);
        Directory.CreateDirectory(_folder["out"]);
        using (new FetchLock(_folder["out"], "test")) Fails<RunFailedException>(server.Url("w.npz"), "another nst is fetching test");
        Fetch(server.Url("w.npz"));
        Assert.Equal(["test.npz", "values.json"], Everything());
    }

    [Fact]
    public void A_folder_that_cannot_be_written_to_is_called_so()
    {
        Assert.SkipUnless(Directory.Exists("/proc/self"), "needs a folder in which nobody can make files");
        using var server = new LocalServer(_file);
        var request = new FetchRequest("test", server.Url("w.npz"), "/proc/self") { Options = Impatient };
        var failure = Assert.Throws<InvalidInputException>(
            () => WeightsFetcher.Fetch(request, token: TestContext.Current.CancellationToken));
        Assert.Contains("cannot write to the folder '/proc/self'", failure.Message);
    }

    [Fact]
    public void A_body_without_an_end_is_given_up_on_and_leaves_nothing()
    {
        using var server = new LocalServer(async (_, _, stream, token) =>
        {
            await LocalServer.SendAsync(stream, "200 OK", [], "PK"u8.ToArray(), token);
            while (!token.IsCancellationRequested) await stream.WriteAsync(new byte[1 << 16], token);
        });
        Fails<RunFailedException>(server.Url("w.npz"), "offers more than");
        Assert.Empty(Everything());
    }

    [Theory]
    [InlineData(0)] // the first answer names its version
    [InlineData(1)] // the second does
    public void Another_version_in_the_middle_is_refused_whatever_the_server_makes_of_conditions(int silent)
    {
        using var server = new LocalServer((request, count, stream, token) =>
        {
            var plain = request with { Headers = request.Headers.Where(header => header.Key != "if-range").ToDictionary() };
            return LocalServer.SendRangeAsync(plain, _file, stream, token, etag: count < silent ? "" : $"\"{count}\"");
        });
        Fails<RunFailedException>(server.Url("w.npz"), "the file changed on the server");
    }

    private sealed class StopAtFirstBytes(CancellationTokenSource stop) : IProgress<FetchProgress>
    {
        public void Report(FetchProgress value)
        {
            if (value.Done > 0) stop.Cancel();
        }
    }

    private string[] Everything() => Directory.GetFiles(_folder["out"]).Select(path => Path.GetFileName(path)).Order().ToArray();

    [Fact]
    public void Ranges_that_lie_about_the_file_are_refused()
    {
        using var server = new LocalServer((_, count, stream, token) => LocalServer.SendAsync(stream, "206 Partial Content",
            [$"Content-Range: bytes 0-9/{(count == 0 ? 1000 : 2000)}", "Content-Length: 10"], "PK\x03\x04 oops!"u8.ToArray(), token));
        Fails<RunFailedException>(server.Url("w.npz"), "gave up after");
    }

    [Fact]
    public void Cancelling_stops_and_keeps_what_arrived()
    {
        using var stop = new CancellationTokenSource();
        using var server = new LocalServer(async (_, _, stream, token) =>
        {
            await LocalServer.SendAsync(stream, "200 OK", ["Content-Length: 1000000"], new byte[1000], token);
            await Task.Delay(Timeout.Infinite, token);
        });
        Assert.ThrowsAny<OperationCanceledException>(() => WeightsFetcher.Fetch(
            new FetchRequest("test", server.Url("w.npz"), _folder["out"]), new StopAtFirstBytes(stop), stop.Token));
        Assert.True(File.Exists(_folder["out", ".test.part"]));
    }

    private FetchResult Fetch(Uri url, Func<FetchRequest, FetchRequest>? with = null)
    {
        var request = new FetchRequest("test", url, _folder["out"]) { Options = Impatient };
        return WeightsFetcher.Fetch(with is null ? request : with(request), token: TestContext.Current.CancellationToken);
    }

    private void Fails<T>(Uri url, string expected, Func<FetchRequest, FetchRequest>? with = null, bool isInstalledBefore = false)
        where T : Exception
    {
        var message = Assert.Throws<T>(() => Fetch(url, with)).Message;
        Assert.Contains(expected, message);
        Assert.DoesNotContain('\n', message);
        Assert.Equal(isInstalledBefore, File.Exists(_folder["out", "test.npz"]));
    }
}
