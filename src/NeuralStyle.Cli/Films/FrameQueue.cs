using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using NeuralStyle.Film;
using NeuralStyle.Imaging;

namespace NeuralStyle.Cli.Films;

/// <summary>A decoded frame.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Scene">Its scene.</param>
/// <param name="IsPainted">Whether it was painted earlier: the first of a scene, whose colours the others need.</param>
/// <param name="Planes">3×H×W, RGB in [0, 1].</param>
/// <param name="Backward">Where its pixels are found in the frame before; null for the first frame of a scene.</param>
/// <param name="Forward">Where the pixels of the frame before are found in it.</param>
internal sealed record DecodedFrame(int Number, Scene Scene, bool IsPainted, float[] Planes, FlowField? Backward, FlowField? Forward);

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
    /// <param name="plan">Its scenes.</param>
    /// <param name="begin">
    /// Asked at the first frame of each scene, on the thread of the queue: how many of its frames are painted already, or null to leave it
    /// out.
    /// </param>
    /// <param name="warn">Told where the film is damaged.</param>
    /// <param name="cancellation">Ends the decoding.</param>
    public FrameQueue(IFrameSource source, PixelSize size, FilmPlan plan, Func<Scene, int?> begin, Action<string> warn,
        CancellationToken cancellation)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _thread = new Thread(() =>
        {
            try
            {
                foreach (var frame in Decode(source, size, plan, begin, warn, _stop.Token)) _frames.Add(frame, _stop.Token);
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

    private static IEnumerable<DecodedFrame> Decode(IFrameSource source, PixelSize size, FilmPlan plan, Func<Scene, int?> begin,
        Action<string> warn, CancellationToken cancellation)
    {
        var (number, next) = (0, 0);
        int? done = null; // of the scene; null for one that is left out
        IReadOnlyList<GreyImage>? before = null;
        foreach (var planes in source.Read(size, warn, cancellation))
        {
            if (++number > plan.Frames) yield break;
            if (next < plan.Scenes.Count && plan.Scenes[next].First == number) done = begin(plan.Scenes[next++]);
            if (done is not { } painted) continue;
            var scene = plan.Scenes[next - 1];
            var inScene = number - scene.First + 1;
            if (inScene == 1) before = null;
            if (inScene > 1 && inScene < painted) continue; // only the last painted frame is needed, for the motion
            var levels = GreyPyramid.Of(planes, size.Width, size.Height);
            if (inScene == 1) yield return new DecodedFrame(number, scene, painted > 0, planes, null, null);
            else if (inScene > painted)
            {
                yield return new DecodedFrame(number, scene, false, planes, OpticalFlow.Between(levels, before!),
                    OpticalFlow.Between(before!, levels));
            }
            before = levels;
        }
        if (number < plan.Frames)
            throw new RunFailedException($"'{source.Name}' has {number} frames, and had {plan.Frames} when it was begun; "
                + "give the same film, or --restart to paint this one");
    }
}
