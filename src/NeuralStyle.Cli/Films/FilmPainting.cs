using NeuralStyle.Cli.Batch.Claims;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Film;
using NeuralStyle.Imaging;
using NeuralStyle.Runs;
using NeuralStyle.Vgg;
using TorchSharp;

namespace NeuralStyle.Cli.Films;

/// <summary>
/// Paints the scenes that no other process paints, until all are painted: first once through the film, then, scene by scene, the later
/// passes.
/// </summary>
internal sealed class FilmPainting(FilmJob job, IFrameSource source, FilmPlan plan, PixelSize size, FrameStore store, ClaimWatch watch,
    FilmWatchers watchers) : IDisposable
{
    private readonly SceneClaims _claims = new(store, watch);
    private readonly KeptFrames _kept = new(source, store, size, job.Film.Passes);

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
        while (_claims.WaitForWork(plan, Waits, cancellation))
        {
            if (plan.Scenes.Any(scene => Begin(scene) is not null)) FirstPass(painter, warn, cancellation);
            foreach (var scene in plan.Scenes)
            {
                if (store.DoneIn(scene, 1) == scene.Length && !store.IsDone(scene) && _claims.TryTake(scene))
                    LaterPasses(painter, scene, cancellation);
            }
        }

        void Waits(int scenes) =>
            tell($"waiting for another nst, which paints the last {(scenes == 1 ? "scene" : $"{scenes} scenes")}");
    }

    public void Dispose() => _claims.Dispose();

    /// <summary>
    /// Takes a scene for the first pass: how many of its frames are painted; null if all are, or if another process has it.
    /// </summary>
    private int? Begin(Scene scene)
    {
        if (store.DoneIn(scene, 1) == scene.Length || !_claims.TryTake(scene)) return null;
        var done = store.DoneIn(scene, 1); // now nobody else changes it
        return done < scene.Length ? done : null;
    }

    /// <summary>Goes once through the film, and paints the scenes that are free.</summary>
    private void FirstPass(FilmPainter painter, Action<string> warn, CancellationToken cancellation)
    {
        var frames = new FilmFrames(source, size, plan, _kept);
        using var queue = new FrameQueue(stop => frames.First(Begin, warn, stop), cancellation);
        using var outer = torch.NewDisposeScope();
        torch.Tensor? first = null; // of the scene
        Scene? lost = null;
        foreach (var decoded in queue.Frames())
        {
            using var scope = torch.NewDisposeScope();
            var (number, scene) = (decoded.Number, decoded.Scene);
            if (scene == lost) continue;
            var frame = TensorOf(decoded.Planes);
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

    /// <summary>Goes through a scene again, from the paintings that are there.</summary>
    private void LaterPasses(FilmPainter painter, Scene scene, CancellationToken cancellation)
    {
        var frames = new FilmFrames(source, size, plan, _kept);
        using var first = TensorOf(_kept.Read(scene.First));
        painter.Begin(first);
        for (var pass = 2; pass <= job.Film.Passes && _claims.Has(scene); pass++)
        {
            var (now, done) = (pass, store.DoneIn(scene, pass));
            using var queue = new FrameQueue(stop => frames.Again(scene, now, done, stop), cancellation);
            foreach (var decoded in queue.Frames())
            {
                using var scope = torch.NewDisposeScope();
                Paint(painter, decoded, TensorOf(decoded.Planes), cancellation);
                if (!_claims.Has(scene)) break; // another process goes on with it
            }
        }
        _claims.End(scene);
    }

    private void Paint(FilmPainter painter, DecodedFrame decoded, torch.Tensor frame, CancellationToken cancellation)
    {
        var (number, scene, pass) = (decoded.Number, decoded.Scene, decoded.Pass);
        watchers.Begin(number, pass, frame);
        using var motion = decoded is { Backward: { } backward, Forward: { } forward } ? FrameMotion.Of(backward, forward) : null;
        var before = motion is null ? null : store.Painting(Scene.Before(number, pass), pass, size);
        using var result = pass > 1
            ? painter.Again(frame, store.Painting(number, pass - 1, size), before, motion, watchers.Observer, cancellation)
            : motion is null || before is null ? painter.First(frame, watchers.Observer, cancellation)
            : painter.Next(frame, before, motion, watchers.Observer, cancellation);
        if (!result.Completed) throw new OperationCanceledException(cancellation);
        if (!_claims.Has(scene)) return;
        store.Save(number, scene, pass, result);
        watchers.End(scene, number, pass, result.Image);
    }

    private torch.Tensor TensorOf(float[] planes) => torch.tensor(planes, [1, 3, size.Height, size.Width]);
}
