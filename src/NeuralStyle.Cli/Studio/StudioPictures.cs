using NeuralStyle.Imaging;
using NeuralStyle.Runtime;

namespace NeuralStyle.Cli.Studio;

/// <summary>Pictures of the folder as JPEG for pages, made when they are asked for and kept while there is room. Thread-safe.</summary>
internal sealed class StudioPictures(StudioFolder folder)
{
    /// <summary>Longest sides of thumbnails and of pictures to look at.</summary>
    public const int Thumbnail = 240, Shown = 1400;

    private const long MostBytes = 64 << 20;
    private const int Quality = 84;

    private readonly SemaphoreSlim _one = new(1); // decoding a large picture takes memory
    private readonly Dictionary<(string Path, DateTime Written, long Length, int Side), byte[]> _kept = [];
    private long _bytes;

    /// <summary>The picture; null if there is none of the name.</summary>
    /// <exception cref="InvalidInputException">It is no picture, or damaged.</exception>
    public async Task<byte[]?> Of(string? id, int side, CancellationToken cancellation)
    {
        if (folder.Find(id) is not { } path) return null;
        var file = new FileInfo(path);
        var key = (path, file.LastWriteTimeUtc, file.Length, side);
        await _one.WaitAsync(cancellation);
        try
        {
            if (_kept.TryGetValue(key, out var known)) return known;
            var bytes = Encode(path, side, cancellation);
            if (_bytes + bytes.Length > MostBytes)
            {
                _kept.Clear();
                _bytes = 0;
            }
            (_kept[key], _bytes) = (bytes, _bytes + bytes.Length);
            return bytes;
        }
        finally
        {
            _one.Release();
        }
    }

    private static byte[] Encode(string path, int side, CancellationToken cancellation)
    {
        using var quiet = ManagedMemory.Undisturbed(); // a run collects after each iteration
        using var picture = Picture.Load(path, new PictureReading { Cancellation = cancellation });
        return EncodedPicture.Of(picture, side, Quality).Bytes;
    }
}
