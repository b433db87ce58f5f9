using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace NeuralStyle.Testing;

/// <summary>One request as a test's handler sees it.</summary>
internal sealed record ServerRequest(string Target, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>First and last byte asked for.</summary>
    public (int First, int Last)? Range =>
        Headers.TryGetValue("range", out var text) && text["bytes=".Length..].Split('-') is [var first, var last]
        ? (int.Parse(first, CultureInfo.InvariantCulture), int.Parse(last, CultureInfo.InvariantCulture))
        : null;
}

/// <summary>
/// A small HTTP server on this machine, of which tests decide every byte: that is what a well-behaved library would not let them do.
/// </summary>
internal sealed class LocalServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<ServerRequest, int, Stream, CancellationToken, Task> _handler;
    private int _count;

    /// <summary>Starts; the handler gets the request, its number from 0, and the stream to answer on.</summary>
    public LocalServer(Func<ServerRequest, int, Stream, CancellationToken, Task> handler)
    {
        _handler = handler;
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>Starts and serves one file well: with ranges and an ETag.</summary>
    public LocalServer(byte[] file) : this((request, _, stream, token) => SendRangeAsync(request, file, stream, token))
    {
    }

    public ConcurrentQueue<ServerRequest> Requests { get; } = [];

    public Uri Url(string name) =>
        new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/models/{name}"));

    public static Task SendRangeAsync(ServerRequest request, byte[] file, Stream stream, CancellationToken token, string etag = "\"1\"",
        int? cutAfter = null)
    {
        var (first, last) = request.Range!.Value;
        last = Math.Min(last, file.Length - 1);
        var matches = !request.Headers.TryGetValue("if-range", out var wanted) || wanted == etag;
        if (!matches) return SendAsync(stream, "200 OK", [$"ETag: {etag}", $"Content-Length: {file.Length}"], file, token);
        var body = file.AsMemory(first, last - first + 1);
        string[] headers = [$"ETag: {etag}", $"Content-Range: bytes {first}-{last}/{file.Length}", $"Content-Length: {body.Length}"];
        return SendAsync(stream, "206 Partial Content", headers, body[..Math.Min(body.Length, cutAfter ?? body.Length)], token);
    }

    public static async Task SendAsync(Stream stream, string status, string[] headers, ReadOnlyMemory<byte> body, CancellationToken token)
    {
        var head = $"HTTP/1.1 {status}\r\n{string.Concat(headers.Select(header => header + "\r\n"))}Connection: close\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head), token);
        await stream.WriteAsync(body, token);
        await stream.FlushAsync(token);
    }

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                _ = AnswerAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
            }
            catch (Exception failure) when (failure is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        try
        {
            using (client)
            {
                var stream = client.GetStream();
                var reader = new StreamReader(stream, Encoding.ASCII);
                var target = (await reader.ReadLineAsync(_stop.Token))!.Split(' ')[1];
                var headers = new Dictionary<string, string>();
                while (await reader.ReadLineAsync(_stop.Token) is { Length: > 0 } line)
                {
                    var colon = line.IndexOf(':');
                    headers[line[..colon].ToLowerInvariant()] = line[(colon + 1)..].Trim();
                }
                var request = new ServerRequest(target, headers);
                Requests.Enqueue(request);
                await _handler(request, Interlocked.Increment(ref _count) - 1, stream, _stop.Token);
            }
        }
        catch (Exception failure)
            when (failure is IOException or OperationCanceledException or ObjectDisposedException or NullReferenceException)
        {
            // the client went away, or the test is over
        }
    }
}
