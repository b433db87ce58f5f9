using System.Diagnostics;
using NeuralStyle.Imaging;
using NeuralStyle.Runs;
using TorchSharp;

namespace NeuralStyle.Cli.Studio;

/// <summary>How far something is.</summary>
internal enum WorkState
{
    Waiting,
    Painting,
    Paused,
    Stopped,
    Done,
    Failed,
}

/// <summary>A picture in work, for pages: its progress, and the picture so far. Written by the run's thread, read by others.</summary>
/// <param name="longSide">Longest side of the pictures for pages.</param>
/// <param name="changed">Called after every change.</param>
internal sealed class Work(int longSide, Action changed) : IProgress<RunProgress>
{
    private const int Quality = 88;
    private const double MostShare = 0.02; // share of the time for pictures of the page

    private static readonly TimeSpan s_between = TimeSpan.FromMilliseconds(150);

    private readonly Lock _gate = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan _next;
    private byte[]? _picture;
    private int _version;

    /// <summary>The last reported iteration; null before the first.</summary>
    public RunProgress? Progress { get; private set; }

    /// <summary>Number of the picture so far; 0 for none.</summary>
    public int Version => Volatile.Read(ref _version);

    /// <summary>The picture so far as JPEG.</summary>
    public byte[]? Picture
    {
        get
        {
            lock (_gate) return _picture;
        }
    }

    /// <summary>Waits as long as others go first; called after every iteration.</summary>
    public Action Yield { get; init; } = () => { };

    public void Report(RunProgress value)
    {
        Progress = value with { Losses = [] };
        if (_clock.Elapsed >= _next)
        {
            using var image = value.Snapshot();
            Show(image);
        }
        changed();
        Yield();
    }

    /// <summary>Takes a picture.</summary>
    /// <param name="image">1×3×H×W in [0, 1]; stays the caller's.</param>
    public void Show(torch.Tensor image)
    {
        var began = _clock.Elapsed;
        var size = ImageTensor.SizeOf(image);
        using var small = size.LongSide > longSide ? ImageTensor.Resize(image, size.WithLongSide(longSide)) : image.alias();
        Show(EncodedPicture.Of(small, Quality).Bytes);
        var wait = (_clock.Elapsed - began) / MostShare;
        _next = _clock.Elapsed + (wait < s_between || longSide < 300 ? s_between : wait);
    }

    /// <summary>Takes a picture as JPEG.</summary>
    public void Show(byte[] jpeg)
    {
        lock (_gate) _picture = jpeg;
        Interlocked.Increment(ref _version);
        changed();
    }
}
