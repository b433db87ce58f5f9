using NeuralStyle.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Reduction.Distilling;

/// <summary>Sample pictures in memory, 8 bits for each value, on the device that computes.</summary>
internal sealed class CropStore : IDisposable
{
    private const int MostWorkers = 16, Report = 100;

    private readonly Tensor _pictures; // N×3×S×S, bytes

    /// <summary>Reads all pictures, several at a time.</summary>
    /// <param name="open">Opens the pictures; called once for each thread, since they cannot be shared.</param>
    /// <param name="first">Opened pictures, for their number and size.</param>
    /// <param name="device">Where to keep them.</param>
    /// <param name="progress">Receives reports, one at a time; null for none.</param>
    /// <param name="token">Ends the work.</param>
    public CropStore(Func<ISamplePictures> open, ISamplePictures first, Device device, IProgress<DistillationProgress>? progress,
        CancellationToken token)
    {
        using var scope = NewDisposeScope();
        (Count, HeldOut, Size) = (first.Count, first.HeldOut, first.Size);
        var here = empty([Count, 3, Size, Size], uint8);
        var (done, gate) = (0, new Lock());
        var shares = Math.Min(MostWorkers, Math.Min(get_num_threads(), Count));
        TorchParallel.For(shares, share =>
        {
            var pictures = open();
            using var owned = pictures as IDisposable;
            for (var i = Bound(share); i < Bound(share + 1); i++) // side by side: neighbours come from one file
            {
                token.ThrowIfCancellationRequested();
                using var inner = NewDisposeScope();
                here.narrow(0, i, 1).copy_(pictures.Load(i).mul(255).round_());
                lock (gate)
                {
                    if (done++ % Report == 0) progress?.Report(new DistillationProgress("reading pictures", done, Count));
                }
            }
        });
        _pictures = here.to(device).DetachFromDisposeScope();

        int Bound(int share) => (int)((long)Count * share / shares);
    }

    /// <summary>Number of pictures.</summary>
    public int Count { get; }

    /// <summary>How many of them, the last ones, are kept aside.</summary>
    public int HeldOut { get; }

    /// <summary>Height and width of every picture.</summary>
    public int Size { get; }

    /// <summary>Part of a picture, 1×3×side×side bytes: a view.</summary>
    public Tensor Window(int index, int x, int y, int side) => _pictures.narrow(0, index, 1).narrow(2, y, side).narrow(3, x, side);

    /// <summary>Whole pictures in [0, 1], N×3×S×S; the caller owns them.</summary>
    /// <param name="first">Index of the first.</param>
    /// <param name="count">Number.</param>
    public Tensor Whole(int first, int count)
    {
        using var scope = NewDisposeScope();
        return _pictures.narrow(0, first, count).to(float32).div_(255).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => _pictures.Dispose();
}
