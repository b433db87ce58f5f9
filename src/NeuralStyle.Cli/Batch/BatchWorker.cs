using System.Diagnostics;
using NeuralStyle.Cli.Batch.Claims;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Cli.Pages;
using NeuralStyle.Cli.Running;
using NeuralStyle.Imaging;
using NeuralStyle.Runs;
using NeuralStyle.Runs.Checkpoints;
using NeuralStyle.Runtime.Files;
using NeuralStyle.Vgg;
using TorchSharp;

namespace NeuralStyle.Cli.Batch;

/// <summary>The data that the workers of one process share.</summary>
/// <param name="Request">The request.</param>
/// <param name="Weights">The network's weights, loaded once.</param>
/// <param name="Styles">The style pictures, decoded once.</param>
/// <param name="Watch">Tells claims of the dead.</param>
/// <param name="End">Ends the batch early.</param>
/// <param name="Preview">Told of every run; null for no one.</param>
internal sealed record BatchResources(BatchRequest Request, VggWeights Weights, SharedPictures Styles, ClaimWatch Watch, EarlyEnd End,
    PreviewHub? Preview = null)
{
    /// <summary>Detects up-to-date outputs.</summary>
    public EarlierOutputs Earlier { get; } = new(Weights, Styles, Request.Force);

    /// <summary>Unreadable pictures, with the reason.</summary>
    public IReadOnlyDictionary<string, string> Unreadable { get; init; } = new Dictionary<string, string>();
}

/// <summary>Makes pictures on one device, one at a time.</summary>
internal sealed class BatchWorker(BatchResources shared, torch.Device device, BatchLog log) : IDisposable
{
    private readonly StyleCache _cache = new();
    private readonly CancellationToken _cancellation = shared.End.Token;

    /// <summary>Makes one picture unless it is there or in another process's hands.</summary>
    /// <returns>Null when it is not decided yet: another process has it, or this one was told to stop.</returns>
    public Outcome? Try(BatchItem item)
    {
        try
        {
            return Decide(item);
        }
        catch (OperationCanceledException) when (_cancellation.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception failure) when (FullDisk.Caused(failure)) // so will it be for all the others
        {
            shared.End.Because($"{ErrorLine.Of(failure)}; free some space, then the same command does the rest");
            return null;
        }
        catch (Exception failure) // whatever it is, the other pictures continue
        {
            return new Outcome(item, OutcomeKind.Failed, ErrorLine.Of(failure));
        }
    }

    /// <summary>Frees what its pictures shared.</summary>
    public void Dispose() => _cache.Dispose();

    private Outcome? Decide(BatchItem item)
    {
        var job = shared.Request.JobOf(item);
        if (job.Inputs.FirstOrDefault(shared.Unreadable.ContainsKey) is { } bad)
            return new Outcome(item, OutcomeKind.Failed, shared.Unreadable[bad]);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(job.Output))!);
        if (shared.Earlier.IsUpToDate(job)) return new Outcome(item, OutcomeKind.UpToDate);
        if (shared.Request.NoClobber && File.Exists(job.Output))
            return new Outcome(item, OutcomeKind.Kept, $"it already exists, made in another way ({EarlierResult.Option})");
        using var claim = Claim.TryTake(job.Output, shared.Watch);
        if (claim is null) return null;
        using var inputs = new JobInputs(job, shared.Styles, _cancellation);
        if (shared.Earlier.IsUpToDate(job, inputs)) return new Outcome(item, OutcomeKind.UpToDate); // made by the claim's owner before us
        AtomicFile.RemoveLeftovers(job.Output); // of a process killed while it wrote
        foreach (var notice in inputs.Notices) log.TellOnce(notice);
        var replaced = File.Exists(job.Output) ? "replaced the earlier one" : null;
        var clock = Stopwatch.StartNew();
        if (job.Log is { } logFile) Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(logFile))!);
        var made = Make(item, job, inputs, claim);
        if (made is not { Completed: true, Written: true }) return null; // stopped, or the claim was lost to another process meanwhile
        Remember(job, inputs);
        return new Outcome(item, OutcomeKind.Made, replaced, clock.Elapsed.TotalSeconds);
    }

    /// <summary>Writes the record next to a picture without metadata.</summary>
    private void Remember(StyleJob job, JobInputs inputs)
    {
        if (job.Metadata) File.Delete(RecordFile.PathOf(job.Output));
        else RecordFile.Write(job.Output, inputs.Record(job, shared.Weights).ToJson());
    }

    private MadePicture Make(BatchItem item, StyleJob job, JobInputs inputs, Claim claim)
    {
        try
        {
            return Once();
        }
        catch (RefusedCheckpointException)
        {
            File.Delete(job.Checkpoint!.Path); // of other settings, or damaged: a batch starts again by itself
            return Once();
        }

        MadePicture Once() => PictureMaker.Make(job, inputs, shared.Weights, device, new PictureProgress(item, log), _cancellation,
            result => result.Completed
                && claim.Stands, new Notices(line => log.Tell(item, line), line => log.Tell(item, line)), shared.Preview, _cache);
    }

    private sealed class PictureProgress(BatchItem item, BatchLog log) : IProgress<RunProgress>
    {
        public void Report(RunProgress value) => log.Add(item, value);
    }
}
