using System.Collections.Concurrent;
using NeuralStyle.Imaging;
using TorchSharp;

namespace NeuralStyle.Cli.Jobs;

/// <summary>A picture and its source for the run.</summary>
internal sealed record SharedPicture(Picture Picture, PictureSource Source);

/// <summary>
/// Pictures that many jobs use, opened once and kept decoded at the requested sizes: a style for a thousand
/// photographs is read, hashed and resized once per scale. Thread-safe.
/// </summary>
/// <param name="budget">Bytes of decoded pictures to keep; past it the oldest make room.</param>
/// <param name="cancellation">Ends opening and decoding.</param>
internal sealed class SharedPictures(long budget = 512L << 20, CancellationToken cancellation = default) : IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<SharedPicture>> _pictures = new();
    private readonly Queue<(string Path, PixelSize Size, torch.Tensor Image)> _decoded = [];
    private readonly Lock _gate = new();
    private long _bytes;

    /// <summary>Opens a picture, or gives the one that is open. One that cannot be opened may be there at the next attempt.</summary>
    public SharedPicture Open(string path)
    {
        var opened = _pictures.GetOrAdd(path, _ => new Lazy<SharedPicture>(() =>
        {
            var picture = Picture.Load(path, new PictureReading { Cancellation = cancellation });
            return new SharedPicture(picture, picture.AsSource() with { Render = size => Render(picture, size), Interruptible = null });
        }));
        try
        {
            return opened.Value;
        }
        catch
        {
            _pictures.TryRemove(KeyValuePair.Create(path, opened));
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var (_, _, image) in _decoded) image.Dispose();
        _decoded.Clear();
        foreach (var picture in _pictures.Values.Where(picture => picture.IsValueCreated)) picture.Value.Picture.Dispose();
    }

    /// <summary>A copy that the caller owns.</summary>
    private torch.Tensor Render(Picture picture, PixelSize size)
    {
        lock (_gate) // two workers that want the same picture decode it once
        {
            var kept = _decoded.FirstOrDefault(entry => entry.Path == picture.Path && entry.Size == size).Image;
            if (kept is not null) return kept.clone();
            var image = picture.Interruptible(size, cancellation);
            var bytes = image.numel() * sizeof(float);
            if (bytes > budget) return image;
            while (_bytes + bytes > budget)
            {
                using var oldest = _decoded.Dequeue().Image;
                _bytes -= oldest.numel() * sizeof(float);
            }
            _decoded.Enqueue((picture.Path, size, image.clone().DetachFromDisposeScope()));
            _bytes += bytes;
            return image;
        }
    }
}
