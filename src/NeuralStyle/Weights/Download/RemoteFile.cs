using System.Globalization;
using System.Net;

namespace NeuralStyle.Weights.Download;

/// <summary>
/// A file on a server. Only the bytes that are read or announced are fetched, each once, and kept in a
/// <see cref="PartialFile"/>. If the server cannot send ranges, the whole file is fetched on opening.
/// </summary>
internal sealed class RemoteFile : IByteSource
{
    private const int FirstBytes = 1 << 14; // tells what the file is, and holds most indexes
    private const int MergeGap = 1 << 14; // fetching a few bytes too many is faster than a second request

    private readonly Uri _url;
    private readonly PartialFile _part;
    private readonly HttpRequester _requester;
    private readonly FetchOptions _options;
    private readonly IProgress<FetchProgress>? _progress;
    private readonly CancellationToken _token;
    private readonly ByteRanges _planned = new();
    private long _most; // bytes that were there from the start
    private string? _later; // what tells versions apart, where the first answer did not say

    private RemoteFile(Uri url, PartialFile part, HttpRequester requester, FetchOptions options, IProgress<FetchProgress>? progress,
        CancellationToken token) =>
        (_url, _part, _requester, _options, _progress, _token) = (url, part, requester, options, progress, token);

    /// <summary>Size of the whole file.</summary>
    public long Length => _part.Length;

    /// <summary>Bytes that came over the network in this run.</summary>
    public long BytesFetched { get; private set; }

    /// <summary>Requests made in this run.</summary>
    public int Requests { get; private set; }

    /// <summary>Whether every byte has been fetched.</summary>
    public bool IsWhole => _part.Present.FirstMissing(0, Length) is null;

    /// <summary>Connects: finds the size of the file and whether the server can send ranges.</summary>
    /// <exception cref="RunFailedException">The server cannot be reached, refuses, or offers a far too large file.</exception>
    public static RemoteFile Open(Uri url, PartialFile part, HttpRequester requester, FetchOptions options,
        IProgress<FetchProgress>? progress, CancellationToken token)
    {
        var file = new RemoteFile(url, part, requester, options, progress, token);
        file.Retry(file.BeginAsync);
        return file;
    }

    public void Read(long offset, Span<byte> buffer)
    {
        Ensure(offset, offset + buffer.Length);
        _part.Read(offset, buffer);
    }

    public void Prefetch(long offset, long length) => _planned.Add(Math.Max(0, offset), Math.Min(Length, offset + length), MergeGap);

    /// <summary>Fetches whatever is missing.</summary>
    public void FetchAll()
    {
        Prefetch(0, Length);
        Ensure(0, Length);
    }

    public void Dispose()
    {
        // The partial file outlives this: its owner keeps it, removes it or leaves it for a later run.
    }

    private void Ensure(long start, long end)
    {
        while (_part.Present.FirstMissing(start, end) is var (first, last))
        {
            // Continue to the end of the planned range around it: one request for neighbouring tensors.
            if (_planned.Find(first) is { } plan) last = Math.Max(last, plan.End);
            last = _part.Present.FirstMissing(first, Math.Min(Length, Math.Max(last, first + MergeGap)))!.Value.End;
            Retry(() => FetchAsync(first, last));
        }
    }

    private async Task BeginAsync()
    {
        Requests++;
        using var response = await _requester.GetAsync(_url, 0, FirstBytes - 1, validator: null, _token).ConfigureAwait(false);
        var validator = ValidatorOf(response);
        if (response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange is { From: 0, Length: { } total })
        {
            RequireSize(total);
            if (_part.Identify(total, validator)) Report("continuing an earlier download");
            await CopyAsync(response, 0, Math.Min(FirstBytes, total)).ConfigureAwait(false);
            return;
        }
        if (response.StatusCode == HttpStatusCode.PartialContent)
            throw new PermanentHttpException("the server sends a range without saying of what");
        var length = response.Content.Headers.ContentLength ?? 0;
        RequireSize(length);
        _part.Identify(length, validator: null);
        _planned.Add(0, length);
        Report("the server cannot send parts of a file: fetching the whole");
        await CopyAsync(response, 0, response.Content.Headers.ContentLength).ConfigureAwait(false);
    }

    private async Task FetchAsync(long first, long end)
    {
        // Bytes that arrived before the connection broke are not requested again.
        if (_part.Present.FirstMissing(first, end) is not var (start, _)) return;
        Requests++;
        using var response = await _requester.GetAsync(_url, start, end - 1, _part.Validator, _token).ConfigureAwait(false);
        var range = response.Content.Headers.ContentRange;
        var validator = ValidatorOf(response);
        var isOther = validator is not null && validator != (_part.Validator ?? (_later ??= validator));
        if (response.StatusCode != HttpStatusCode.PartialContent || range?.From != start || range.Length != Length || isOther)
        {
            _part.Identify(Length, validator: null);
            throw new PermanentHttpException("the file changed on the server while it was being fetched; run the same command again");
        }
        await CopyAsync(response, start, end).ConfigureAwait(false);
    }

    /// <summary>What tells versions of the file apart; null where the server says nothing.</summary>
    private static string? ValidatorOf(HttpResponseMessage response) => response.Headers.ETag is { IsWeak: false } tag
        ? tag.ToString()
        : response.Content.Headers.LastModified?.ToString("R", CultureInfo.InvariantCulture);

    private async Task CopyAsync(HttpResponseMessage response, long at, long? end)
    {
        await using var body = await response.Content.ReadAsStreamAsync(_token).ConfigureAwait(false);
        var buffer = new byte[1 << 16];
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_token);
        while (end is null || at < end)
        {
            patience.CancelAfter(_options.StallTimeout);
            var read = await body.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, (end ?? long.MaxValue) - at)), patience.Token)
                .ConfigureAwait(false);
            if (read == 0 && end is null) return;
            if (read == 0) throw new IOException("the connection was cut");
            RequireSize(at + read);
            _part.Write(at, buffer.AsSpan(0, read));
            (at, BytesFetched) = (at + read, BytesFetched + read);
            Report();
        }
    }

    private void RequireSize(long bytes)
    {
        if (bytes > _options.MaximumBytes)
            throw new OversizeException(string.Create(CultureInfo.InvariantCulture,
                $"the server offers more than {_options.MaximumBytes} bytes, which no such weights file has"));
    }

    private void Report(string? message = null) =>
        _progress?.Report(new FetchProgress(_part.Present.Count, Math.Min(Length, Math.Max(_planned.Count, _part.Present.Count)), message));

    /// <summary>Repeats until it succeeds, with growing pauses, as long as attempts bring bytes now and then.</summary>
    private void Retry(Func<Task> action)
    {
        var failures = 0;
        while (true)
        {
            try
            {
                action().GetAwaiter().GetResult();
                return;
            }
            catch (PermanentHttpException failure)
            {
                throw new RunFailedException($"cannot fetch '{_url}': {failure.Message}", failure);
            }
            catch (HttpRequestException failure) when (failure.HttpRequestError == HttpRequestError.NameResolutionError)
            {
                throw new RunFailedException($"cannot fetch '{_url}': no such server is known; is this machine online?", failure);
            }
            catch (Exception failure)
                when (failure is HttpRequestException or IOException
                    || (failure is OperationCanceledException && !_token.IsCancellationRequested))
            {
                // Bytes that came again, because the server cannot continue in the middle, do not count as progress.
                if (_part.Present.Count > _most) failures = 0;
                _most = Math.Max(_most, _part.Present.Count);
                var reason = failure is OperationCanceledException ? "no answer in time" : failure.Message.TrimEnd('.');
                if (++failures > _options.Retries)
                    throw new RunFailedException($"cannot fetch '{_url}': {reason}; gave up after {failures} attempts, run the same "
                        + $"command again to continue", failure);
                var pause = _options.FirstPause * Math.Pow(2, failures - 1);
                Report(string.Create(CultureInfo.InvariantCulture, $"{reason}; trying again in {pause.TotalSeconds:0.#} s"));
                _token.WaitHandle.WaitOne(pause);
                _token.ThrowIfCancellationRequested();
            }
        }
    }
}
