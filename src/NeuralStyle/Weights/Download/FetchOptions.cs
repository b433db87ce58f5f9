namespace NeuralStyle.Weights.Download;

/// <summary>How patient a download is. The defaults suit the published sources.</summary>
internal sealed record FetchOptions
{
    /// <summary>How long to wait for a connection.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long to wait for an answer, and for the next bytes of one.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often to try again without a byte having arrived in between.</summary>
    public int Retries { get; init; } = 5;

    /// <summary>The pause before the first repetition; it doubles each time.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The largest file that is fetched: no VGG is larger, and a server could continue forever.</summary>
    public long MaximumBytes { get; init; } = 2L << 30;
}

/// <summary>Where a download is.</summary>
/// <param name="Done">Bytes that are here, from this run and earlier ones.</param>
/// <param name="Total">Bytes wanted, as far as known yet; 0 when the server does not say.</param>
/// <param name="Message">News for the user, such as that the server can only send the whole file; usually null.</param>
internal sealed record FetchProgress(long Done, long Total, string? Message = null);
