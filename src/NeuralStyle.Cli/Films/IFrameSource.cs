using NeuralStyle.Imaging;

namespace NeuralStyle.Cli.Films;

/// <summary>Frames to paint, from a film or from pictures.</summary>
internal interface IFrameSource
{
    /// <summary>What messages call it.</summary>
    string Name { get; }

    /// <summary>Its own size.</summary>
    PixelSize Size { get; }

    /// <summary>Frames per second of the result.</summary>
    FrameRate Rate { get; }

    /// <summary>The film with the sound; null where there is none.</summary>
    FilmInfo? Film { get; }

    /// <summary>SHA-256 over all that the frames come from.</summary>
    string Hash();

    /// <summary>Decodes the frames one by one, from the first.</summary>
    /// <param name="size">The size wanted.</param>
    /// <param name="warn">Told where frames are damaged.</param>
    /// <param name="cancellation">Ends the decoding.</param>
    /// <returns>3×H×W, RGB in [0, 1].</returns>
    IEnumerable<float[]> Read(PixelSize size, Action<string> warn, CancellationToken cancellation);
}
