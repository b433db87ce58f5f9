namespace NeuralStyle.Weights.Download;

/// <summary>How patient a download is. The defaults suit the published sources.</summary>
internal sealed record FetchOptions
{
    /// <summary>How long to wait for a connection.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long to wait for an answer, and for the next bytes of one.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often to try again without any byte arriving in between.</summary>
    public int Retries { get; init; } = 5;

    /// <summary>The pause before the second attempt; it doubles each time.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The largest file that is fetched: no VGG is larger, and a server could continue forever.</summary>
    public long MaximumBytes { get; init; } = 2L << 30;
}

/// <summary>The progress of a download.</summary>
/// <param name="Done">Bytes on disk, from this run and earlier ones.</param>
/// <param name="Total">Bytes wanted, as far as known; 0 if the server does not say.</param>
/// <param name="Message">A message for the user, for instance that the server can only send the whole file; usually null.</param>
internal sealed record FetchProgress(long Done, long Total, string? Message = null);
