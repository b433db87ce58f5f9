using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace NeuralStyle.Cli.Films;

/// <summary>Decodes frames and computes their motion on a thread of its own, a little ahead of the painter.</summary>
internal sealed class FrameQueue : IDisposable
{
    private const int Ahead = 2; // frames that wait

    private readonly BlockingCollection<DecodedFrame> _frames = new(Ahead);
    private readonly CancellationTokenSource _stop;
    private readonly Thread _thread;
    private ExceptionDispatchInfo? _failure;

    /// <param name="decode">Gives the frames, on the thread of the queue; see <see cref="FilmFrames"/>.</param>
    /// <param name="cancellation">Ends the decoding.</param>
    public FrameQueue(Func<CancellationToken, IEnumerable<DecodedFrame>> decode, CancellationToken cancellation)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _thread = new Thread(() =>
        {
            try
            {
                foreach (var frame in decode(_stop.Token)) _frames.Add(frame, _stop.Token);
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

    /// <summary>The frames that are to be painted, in order, after the first one of their scene.</summary>
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
}
