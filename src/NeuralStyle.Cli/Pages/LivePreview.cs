using NeuralStyle.Cli.Jobs;

namespace NeuralStyle.Cli.Pages;

/// <summary>The page of one run or batch: served from <see cref="Start"/> until it is disposed of.</summary>
internal sealed class LivePreview : IDisposable
{
    private readonly PreviewServer _server;

    private LivePreview(PreviewHub hub, PreviewServer server) => (Hub, _server) = (hub, server);

    /// <summary>Informs the page.</summary>
    public PreviewHub Hub { get; }

    /// <summary>Starts to serve and writes the address, even with <c>--quiet</c>.</summary>
    /// <param name="request">The request; null for no page.</param>
    /// <param name="interruption">Receives the page's order to stop.</param>
    /// <param name="error">Receives the address.</param>
    /// <exception cref="InvalidInputException">The page cannot be served there.</exception>
    public static LivePreview? Start(PreviewRequest? request, Interruption interruption, TextWriter error)
    {
        if (request is null) return null;
        var hub = new PreviewHub(interruption.Stop, interruption.Token);
        var server = PreviewServer.Start(request, hub);
        ErrorLine.Hint(error, $"preview: {server.Address}");
        return new LivePreview(hub, server);
    }

    public void Dispose() => _server.Dispose();
}
