using NeuralStyle.Cli.Batch.Claims;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Film;
using NeuralStyle.Imaging;
using NeuralStyle.Runs;
using NeuralStyle.Vgg;
using TorchSharp;

namespace NeuralStyle.Cli.Films;

/// <summary>Paints the scenes that no other process paints, until all are painted.</summary>
internal sealed class FilmPainting(FilmJob job, IFrameSource source, FilmPlan plan, PixelSize size, FrameStore store, ClaimWatch watch,
    FilmWatchers watchers) : IDisposable
{
    private readonly SceneClaims _claims = new(store, watch);

    /// <summary>Paints; returns when all frames are there.</summary>
    /// <param name="inputs">Styles and masks.</param>
    /// <param name="weights">The network.</param>
    /// <param name="run">Device and memory.</param>
    /// <param name="warn">Told where the film is damaged.</param>
    /// <param name="tell">Told when others are waited for.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="OperationCanceledException">Asked for; the frames so far are kept.</exception>
    public void Run(JobInputs inputs, VggWeights weights, RunSettings run, Action<string> warn, Action<string> tell,
        CancellationToken cancellation)
    {
        var settings = job.Look.Settings with { Size = size.LongSide };
        using var painter = new FilmPainter(inputs.ToStyleInputs(), weights, settings, job.Film, run);
        while (_claims.WaitForWork(plan, Waits, cancellation)) Pass(painter, warn, cancellation);

        void Waits(int scenes) =>
            tell($"waiting for another nst, which paints the last {(scenes == 1 ? "scene" : $"{scenes} scenes")}");
    }

    public void Dispose() => _claims.Dispose();

    /// <summary>Goes once through the film, and paints the scenes that are free.</summary>
    private void Pass(FilmPainter painter, Action<string> warn, CancellationToken cancellation)
    {
        using var queue = new FrameQueue(source, size, plan, _claims.TryBegin, warn, cancellation);
        using var outer = torch.NewDisposeScope();
        torch.Tensor? first = null; // of the scene
        Scene? lost = null;
        foreach (var decoded in queue.Frames())
        {
            using var scope = torch.NewDisposeScope();
            var (number, scene) = (decoded.Number, decoded.Scene);
            if (scene == lost) continue;
            var frame = torch.tensor(decoded.Planes, [1, 3, size.Height, size.Width]);
            if (number == scene.First)
            {
                first?.Dispose();
                first = frame.alias().DetachFromDisposeScope();
                painter.Begin(first);
            }
            if (decoded.IsPainted) continue;
            Paint(painter, decoded, frame, cancellation);
            if (!_claims.Has(scene)) lost = scene; // another process goes on with it
            if (number == scene.Last || scene == lost) _claims.End(scene);
        }
        first?.Dispose();
    }

    private void Paint(FilmPainter painter, DecodedFrame decoded, torch.Tensor frame, CancellationToken cancellation)
    {
        var (number, scene) = (decoded.Number, decoded.Scene);
        watchers.Begin(number, frame);
        using var motion = decoded is { Backward: { } backward, Forward: { } forward } ? FrameMotion.Of(backward, forward) : null;
        using var result = motion is null
            ? painter.First(frame, watchers.Observer, cancellation)
            : painter.Next(frame, store.Painting(number - 1, size), motion, watchers.Observer, cancellation);
        if (!result.Completed) throw new OperationCanceledException(cancellation);
        if (!_claims.Has(scene)) return;
        store.Save(number, scene, result, new PictureOutput());
        watchers.End(scene, number, result.Image);
    }
}
