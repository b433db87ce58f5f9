using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using NeuralStyle.Cli.Batch.Claims;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Cli.Pages;
using NeuralStyle.Imaging;
using NeuralStyle.Memory;
using NeuralStyle.Runs;
using NeuralStyle.Runtime;
using NeuralStyle.Vgg;
using TorchSharp;

namespace NeuralStyle.Cli.Films;

/// <summary>
/// Film in, film out: first makes all checks that are possible, then finds the scenes, paints them, and writes the film. Other processes
/// may paint scenes of it too.
/// </summary>
internal static class FilmRunner
{
    public static int Run(FilmJob job, TextWriter error)
    {
        var clock = Stopwatch.StartNew();
        var notes = job.Look.Quiet ? TextWriter.Null : error;
        if (job is { MakesFilm: true, Resume: true } && File.Exists(job.Output) && !Directory.Exists(job.FrameFolder))
        {
            Tell($"'{job.Output}' is there, and nothing is left to continue; without --resume it is painted again");
            return ExitCodes.Done;
        }
        FilmChecks.Check(job, notes);
        var source = FilmChecks.Open(job, Tell);
        using var interruption = new Interruption(error,
            "stopping after this iteration; painted frames are kept; press Ctrl-C again to stop now");
        var cancellation = interruption.Token;
        var store = new FrameStore(job.FrameFolder, job.Film.Passes);
        using var preview = LivePreview.Start(job.Look.Preview, interruption, error);
        try
        {
            TorchRuntime.Initialize(job.Look.Threads);
            var device = ComputeStart.On(job.Look.Device, job.Look.Compute, error);
            using var inputs = new JobInputs(job.Look, cancellation: cancellation);
            foreach (var notice in job.Look.Quiet ? [] : inputs.Notices) Tell(notice);
            var weights = NetworkChoice.Load(job.Look.Weights, job.Look.WeightsOverrides, notes);
            var size = FilmChecks.SizeOf(job, source, Tell);
            var (look, film) = RecordOf(job, source, inputs, weights);
            var watch = new ClaimWatch(ClaimWatch.DefaultStaleAfter);
            var warn = Once(line => ErrorLine.Warn(error, line));
            var (plan, memory) = Begin(job, source, size, store, film, watch, device, warn, Tell, notes, cancellation);

            var progress = new FilmProgress(notes, plan.Frames, job.Film.Passes, store.Count());
            using (var watchers = new FilmWatchers(job, store, plan, progress, () => FilmWatchers.HeaderOf(job, look, film, device),
                preview?.Hub, inputs, line => ErrorLine.Warn(error, line), cancellation))
            {
                using var painting = new FilmPainting(job, source, plan, size, store, watch, watchers);
                painting.Run(inputs, weights, new RunSettings { Device = device, Threads = job.Look.Threads, Memory = memory }, warn, Tell,
                    cancellation);
            }
            if (progress.PerFrame is { } seconds && job.Look.Verbose)
                Tell(string.Create(CultureInfo.InvariantCulture, $"{seconds:0.00} s for each frame after the first of a scene"));
            var isMine = Finish(job, source, plan, size, store, look, watch, cancellation);
            preview?.Hub.Finish("done");
            Tell(isMine ? $"wrote '{job.Output}', {plan.Frames} frame{(plan.Frames == 1 ? "" : "s")} of {size}, in "
                + $"{Duration.WithUnit(clock.Elapsed.TotalSeconds)}" : $"another nst wrote '{job.Output}'");
            return ExitCodes.Done;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            var done = store.Count();
            ErrorLine.Warn(error, done == 0
                ? "stopped before the first frame was done; the same command with --resume starts again"
                : $"stopped; {done} frame{(done == 1 ? " is" : "s are")} painted{store.Counting}; "
                    + "the same command with --resume continues");
            preview?.Hub.Finish("stopped; painted frames are kept");
            return interruption.ExitCode ?? ExitCodes.Interrupted;
        }

        void Tell(string line) => ErrorLine.Hint(notes, line);
    }

    /// <summary>Opens the folder of frames, and finds the scenes unless it knows them.</summary>
    private static (FilmPlan Plan, MemorySettings Memory) Begin(FilmJob job, IFrameSource source, PixelSize size, FrameStore store,
        JsonObject film, ClaimWatch watch, torch.Device device, Action<string> warn, Action<string> tell, TextWriter notes,
        CancellationToken cancellation)
    {
        using var state = FilmState.Open(job, store, film, watch, tell, cancellation);
        var progress = new FilmProgress(notes, 0, 1, 0);
        var plan = state.Plan ?? FilmScan.Of(job, source, size, warn, progress.Look, cancellation);
        var memory = job.Look.Memory;
        // however much is free later: the tiles, and so the last bits of the frames, are the same in all processes
        if (memory is { Budget: null, Tile: null, Whole: false })
            memory = memory with { Budget = state.Budget ?? MemoryBudget.Default(device) };
        state.Keep(plan, memory.Budget);
        return (plan, memory);
    }

    /// <summary>Writes the report and the film once, whoever painted the frames.</summary>
    /// <returns>Whether this process did.</returns>
    private static bool Finish(FilmJob job, IFrameSource source, FilmPlan plan, PixelSize size, FrameStore store, RunRecord look,
        ClaimWatch watch, CancellationToken cancellation)
    {
        Claim? claim;
        while ((claim = store.TryClaim("film", watch)) is null && !store.IsOver)
        {
            cancellation.WaitHandle.WaitOne(TimeSpan.FromSeconds(1));
            cancellation.ThrowIfCancellationRequested();
        }
        using (claim)
        {
            if (store.IsOver) return false;
            if (job.Look.Report is { } report) new FilmReport(job, source, plan, store, size, look).Write(report, cancellation);
            if (!job.MakesFilm)
            {
                store.ClearBetween();
                return true;
            }
            FilmWriter.Write(job.Output, new PaintedFrames(store.Pattern, plan.Frames, source.Rate), source.Film, job.Part, job.Quality,
                cancellation);
            store.Remove();
            return true;
        }
    }

    /// <summary>Tells each line once, though a film is read several times.</summary>
    private static Action<string> Once(Action<string> tell)
    {
        var told = new HashSet<string>();
        return line =>
        {
            lock (told)
            {
                if (told.Add(line)) tell(line);
            }
        };
    }

    /// <summary>How the frames are painted, and everything that decides them.</summary>
    private static (RunRecord Look, JsonObject Film) RecordOf(FilmJob job, IFrameSource source, JobInputs inputs, VggWeights weights)
    {
        var record = inputs.Record(job.Look, weights) with { Content = null };
        var look = JsonNode.Parse(record.ToJson())!.AsObject();
        RunRecord.RemovePaths(look);
        return (record, new JsonObject
        {
            ["source"] = source.Hash(),
            ["rate"] = $"{source.Rate}",
            ["start"] = job.Part.Start,
            ["duration"] = job.Part.Duration,
            ["cuts"] = $"{job.Cuts}",
            ["film"] = JsonSerializer.SerializeToNode(job.Film, RunRecord.Json),
            ["evenSides"] = job.MakesFilm,
            ["look"] = look,
        });
    }
}
