using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using NeuralStyle.Film;
using NeuralStyle.Imaging;

namespace NeuralStyle.Cli.Films;

/// <summary>A decoded frame.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Planes">3×H×W, RGB in [0, 1].</param>
/// <param name="Backward">Where its pixels are found in the frame before; null for frames that are not painted, and where a
/// scene begins.</param>
/// <param name="Forward">Where the pixels of the frame before are found in it.</param>
internal sealed record DecodedFrame(int Number, float[] Planes, FlowField? Backward, FlowField? Forward);

/// <summary>Decodes frames and computes their motion on a thread of its own, a little ahead of the painter.</summary>
internal sealed class FrameQueue : IDisposable
{
    private const int Ahead = 2; // frames that wait

    private readonly BlockingCollection<DecodedFrame> _frames = new(Ahead);
    private readonly CancellationTokenSource _stop;
    private readonly Thread _thread;
    private ExceptionDispatchInfo? _failure;

    /// <param name="source">The film.</param>
    /// <param name="size">The size of the result.</param>
    /// <param name="done">Frames that are painted already: they are decoded, but their motion is not needed.</param>
    /// <param name="cuts">Frames at which a scene begins in any case.</param>
    /// <param name="warn">Told where the film is damaged.</param>
    /// <param name="cancellation">Ends the decoding.</param>
    public FrameQueue(IFrameSource source, PixelSize size, int done, IReadOnlyCollection<int> cuts, Action<string> warn,
        CancellationToken cancellation)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _thread = new Thread(() =>
        {
            try
            {
                foreach (var frame in Decode(source, size, done, cuts, warn, _stop.Token)) _frames.Add(frame, _stop.Token);
            }
            catch (Exception failure)
            {
                _failure = ExceptionDispatchInfo.Capture(failure);
            }
            finally
            {
                _frames.CompleteAdding();
            }
        }) { IsBackground = true, Name = "nst frames" };
        _thread.Start();
    }

    /// <summary>The frames in order.</summary>
    /// <exception cref="OperationCanceledException">Asked for.</exception>
    public IEnumerable<DecodedFrame> Frames()
    {
        foreach (var frame in _frames.GetConsumingEnumerable()) yield return frame;
        _failure?.Throw();
    }

    public void Dispose()
    {
        _stop.Cancel();
        _thread.Join();
        _stop.Dispose();
        _frames.Dispose();
    }

    private static IEnumerable<DecodedFrame> Decode(IFrameSource source, PixelSize size, int done, IReadOnlyCollection<int> cuts,
        Action<string> warn, CancellationToken cancellation)
    {
        var number = 0;
        IReadOnlyList<GreyImage>? before = null;
        foreach (var planes in source.Read(size, warn, cancellation))
        {
            if (++number < done)
            {
                yield return new DecodedFrame(number, planes, null, null);
                continue;
            }
            var levels = GreyPyramid.Of(planes, size.Width, size.Height);
            yield return before is null || number == done || cuts.Contains(number)
                ? new DecodedFrame(number, planes, null, null)
                : new DecodedFrame(number, planes, OpticalFlow.Between(levels, before), OpticalFlow.Between(before, levels));
            before = levels;
        }
    }
}
