using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using NeuralStyle.Runtime.Files;

namespace NeuralStyle.Weights.Download;

/// <summary>The server refused for good: asking again would not help.</summary>
internal class PermanentHttpException(string message) : Exception(message);

/// <summary>The server offers more than any such file holds: what has arrived is worth nothing.</summary>
internal sealed class OversizeException(string message) : PermanentHttpException(message);

/// <summary>
/// Asks a server for a range of a file. Only https, except to this machine itself; redirects are followed by hand so that none leads
/// to plain http. Proxies are taken from the environment (https_proxy, http_proxy, no_proxy).
/// </summary>
internal sealed class HttpRequester : IDisposable
{
    private const int MaximumRedirects = 10;

    private readonly HttpClient _client;
    private readonly FetchOptions _options;

    public HttpRequester(FetchOptions options)
    {
        Hashes.Require(); // .NET's https needs it too
        _options = options;
        _client = new HttpClient(
            new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = options.ConnectTimeout, UseCookies = false })
        {
            Timeout = Timeout.InfiniteTimeSpan, // limited per answer and per read instead: a whole download may take any time
        };
        _client.DefaultRequestHeaders.UserAgent.Add(
            new ProductInfoHeaderValue("nst", typeof(HttpRequester).Assembly.GetName().Version?.ToString(3)));
    }

    /// <summary>Whether an address may be fetched at all.</summary>
    public static bool IsAllowed(Uri url) =>
        url.IsAbsoluteUri && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback));

    /// <summary>Asks for bytes <paramref name="first"/> to <paramref name="last"/>.</summary>
    /// <param name="url">An allowed address.</param>
    /// <param name="first">First byte.</param>
    /// <param name="last">Last byte, inclusive.</param>
    /// <param name="validator">The wanted version of the file; if it has changed, the server sends the whole new one.</param>
    /// <param name="token">Stops waiting.</param>
    /// <returns>A successful answer whose body has not been read: 206 with the range, or 200 with the whole file.</returns>
    /// <exception cref="PermanentHttpException">The server or one of our rules refuses.</exception>
    /// <exception cref="HttpRequestException">The network or the server failed; another try may succeed.</exception>
    public async Task<HttpResponseMessage> GetAsync(Uri url, long first, long last, string? validator, CancellationToken token)
    {
        for (var redirects = 0; redirects <= MaximumRedirects; redirects++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            request.Headers.Range = new RangeHeaderValue(first, last);
            if (validator is not null) request.Headers.TryAddWithoutValidation("If-Range", validator);
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(token);
            patience.CancelAfter(_options.StallTimeout);
            var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token).ConfigureAwait(false);
            if (response.StatusCode is HttpStatusCode.OK or HttpStatusCode.PartialContent) return response;
            using (response) url = Redirect(url, response);
        }
        throw new PermanentHttpException($"the server redirects more than {MaximumRedirects} times");
    }

    public void Dispose() => _client.Dispose();

    private static Uri Redirect(Uri url, HttpResponseMessage response)
    {
        var status = string.Create(CultureInfo.InvariantCulture, $"{(int)response.StatusCode} ({response.ReasonPhrase})");
        if ((int)response.StatusCode is 408 or 425 or 429 or >= 500) throw new HttpRequestException($"the server answers {status}");
        if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308) || response.Headers.Location is not { } location)
            throw new PermanentHttpException($"the server answers {status}");
        var target = new Uri(url, location);
        var isDowngrade = url.Scheme == Uri.UriSchemeHttps && target.Scheme != Uri.UriSchemeHttps;
        return IsAllowed(target) && !isDowngrade
            ? target
            : throw new PermanentHttpException(
                $"the server redirects to '{target.GetLeftPart(UriPartial.Authority)}', which is not https: refused");
    }
}
