namespace NeuralStyle.Imaging;

/// <summary>How pictures are read.</summary>
public sealed record PictureReading
{
    /// <summary>What is refused from the header, before anything is decoded.</summary>
    public PictureLimits Limits { get; init; } = new();

    /// <summary>
    /// Cancels opening, for instance the wait for a pipe that nothing writes to: an <see cref="OperationCanceledException"/> is thrown.
    /// </summary>
    public CancellationToken Cancellation { get; init; }
}
