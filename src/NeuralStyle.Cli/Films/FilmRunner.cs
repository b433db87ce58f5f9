using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Film;
using NeuralStyle.Imaging;
using NeuralStyle.Runs;
using NeuralStyle.Runtime;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;
using TorchSharp;

namespace NeuralStyle.Cli.Films;

/// <summary>Film in, film out: first makes all checks that are possible, then paints frame by frame, then writes the film.</summary>
internal static class FilmRunner
{
    public static int Run(FilmJob job, TextWriter error)
    {
        var clock = Stopwatch.StartNew();
        var notes = job.Look.Quiet ? TextWriter.Null : error;
        FilmChecks.Check(job, notes);
        var source = FilmChecks.Open(job, Tell);
        using var interruption = new Interruption(error,
            "stopping after this iteration; painted frames are kept; press Ctrl-C again to stop now");
        FrameStore? store = null;
        try
        {
            TorchRuntime.Initialize(job.Look.Threads);
            var device = ComputeDevice.Select(job.Look.Device);
            CudaTuning.Use(device, job.Look.Cuda);
            using var inputs = new JobInputs(job.Look, cancellation: interruption.Token);
            foreach (var notice in job.Look.Quiet ? [] : inputs.Notices) Tell(notice);
            var weights = NetworkChoice.Load(job.Look.Weights, job.Look.WeightsOverrides, notes);
            var size = FilmChecks.SizeOf(job, source, Tell);
            var settings = job.Look.Settings with { Size = size.LongSide };
            store = FrameStore.Open(job, RecordOf(job, source, inputs, weights), Tell);
            var seconds = Paint(job, source, inputs, weights, device, settings, size, store, error, interruption.Token);
            if (seconds is not null && job.Look.Verbose)
                Tell(string.Create(CultureInfo.InvariantCulture, $"{seconds:0.00} s for each frame after the first of a scene"));
            if (job.MakesFilm)
            {
                FilmWriter.Write(job.Output, store.Pattern, source.Rate, source.Film, job.Part, interruption.Token);
                store.Remove();
            }
            Tell($"wrote '{job.Output}', {store.Done} frame{(store.Done == 1 ? "" : "s")} of {size}, in "
                + $"{Duration.WithUnit(clock.Elapsed.TotalSeconds)}");
            return ExitCodes.Done;
        }
        catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
        {
            ErrorLine.Warn(error, store is null or { Done: 0 }
                ? "stopped before the first frame was done; the same command starts again"
                : $"stopped after frame {store.Done}; the same command with --resume continues");
            return interruption.ExitCode ?? ExitCodes.Interrupted;
        }

        void Tell(string line) => ErrorLine.Hint(notes, line);
    }

    /// <summary>Paints all frames that are not there yet.</summary>
    /// <returns>Mean seconds of a frame after the first of a scene.</returns>
    /// <exception cref="OperationCanceledException">Asked for; the frames so far are kept.</exception>
    private static double? Paint(FilmJob job, IFrameSource source, JobInputs inputs, VggWeights weights, torch.Device device,
        StyleSettings settings, PixelSize size, FrameStore store, TextWriter error, CancellationToken cancellation)
    {
        var progress = new FilmProgress(error, source.Count, store.Done);
        var reports = job.Look.Quiet ? null : progress;
        using var painter = new FilmPainter(inputs.ToStyleInputs(), weights, settings, job.Film,
            new RunSettings { Device = device, Threads = job.Look.Threads, Memory = job.Look.Memory });
        using var queue = new FrameQueue(source, size, store.Done, job.Cuts.Frames, line => ErrorLine.Warn(error, line), cancellation);
        using var outer = torch.NewDisposeScope();
        torch.Tensor? before = null, first = null; // the frame before, and the first of its scene
        foreach (var decoded in queue.Frames())
        {
            using var scope = torch.NewDisposeScope();
            var frame = torch.tensor(decoded.Planes, [1, 3, size.Height, size.Width]);
            if (decoded.Number > store.Done)
            {
                using var motion = MotionOf(job, decoded, before, frame);
                var begins = motion is null;
                if (begins)
                {
                    store.AddScene(decoded.Number);
                    Keep(ref first, frame);
                    painter.Begin(first!);
                }
                else if (painter.Palette is null) painter.Begin(first!);
                progress.Begin(decoded.Number);
                using var result = begins
                    ? painter.First(frame, reports, cancellation)
                    : painter.Next(frame, store.Last(size), motion!, reports, cancellation);
                if (!result.Completed) throw new OperationCanceledException(cancellation);
                store.Save(result, new PictureOutput());
                progress.End(begins);
            }
            else if (store.Scenes.Contains(decoded.Number)) Keep(ref first, frame);
            Keep(ref before, frame);
        }
        before?.Dispose();
        first?.Dispose();
        return progress.PerFrame;
    }

    private static void Keep(ref torch.Tensor? kept, torch.Tensor frame)
    {
        kept?.Dispose();
        kept = frame.alias().DetachFromDisposeScope();
    }

    /// <summary>The motion to the frame before; null where a scene begins.</summary>
    private static FrameMotion? MotionOf(FilmJob job, DecodedFrame decoded, torch.Tensor? before, torch.Tensor frame)
    {
        if (decoded is not { Backward: { } backward, Forward: { } forward } || before is null) return null;
        var motion = FrameMotion.Of(backward, forward);
        if (!job.Cuts.Found || !SceneCut.IsBetween(before, frame, motion.Backward, motion.Known)) return motion;
        motion.Dispose();
        return null;
    }

    /// <summary>Everything that decides the frames.</summary>
    private static JsonObject RecordOf(FilmJob job, IFrameSource source, JobInputs inputs, VggWeights weights)
    {
        var look = JsonNode.Parse((inputs.Record(job.Look, weights) with { Content = null }).ToJson())!.AsObject();
        RunRecord.RemovePaths(look);
        return new JsonObject
        {
            ["source"] = source.Hash(),
            ["rate"] = $"{source.Rate}",
            ["start"] = job.Part.Start,
            ["duration"] = job.Part.Duration,
            ["cuts"] = $"{job.Cuts}",
            ["film"] = JsonSerializer.SerializeToNode(job.Film, RunRecord.Json),
            ["evenSides"] = job.MakesFilm,
            ["look"] = look,
        };
    }
}
