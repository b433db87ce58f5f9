using NeuralStyle.Cli.Batch.Claims;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Cli.Pages;
using NeuralStyle.Cli.Progress;
using NeuralStyle.Runtime;
using TorchSharp;

namespace NeuralStyle.Cli.Batch;

/// <summary>Runs a batch: one worker per device on one list, alongside other processes in the same folder.</summary>
internal static class BatchRunner
{
    /// <summary>Makes all missing pictures of the request's part, and waits for those that other processes are making.</summary>
    /// <returns>0 if every output is there; 1 if some failed; 75 if stopped by SIGTERM; 130 if stopped by Ctrl-C.</returns>
    public static int Run(BatchRequest request, TextWriter error)
    {
        using var interruption = new Interruption(error,
            "stopping after this iteration; finished pictures are kept, and the same command continues; press Ctrl-C again to stop now",
            ExitCodes.TryAgain);
        try
        {
            return Run(request, error, interruption);
        }
        catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested) // while inputs were opened
        {
            ErrorLine.Warn(error, "stopped before the first picture");
            return interruption.ExitCode ?? ExitCodes.Interrupted;
        }
    }

    private static int Run(BatchRequest request, TextWriter error, Interruption interruption)
    {
        var items = request.Shard.Of(request.Items);
        PrepareFolder(request.OutputFolder);
        TorchRuntime.Initialize(request.Threads ?? ThreadShare(request.Devices));
        var job = request.JobOf(request.Items[0]);
        var devices = ComputeStart.On(request.Devices, job.Compute, error);
        var weights = NetworkChoice.Load(job.Weights, job.WeightsOverrides, request.Quiet ? TextWriter.Null : error);
        using var end = new EarlyEnd(interruption.Token);
        using var styles = new SharedPictures(cancellation: end.Token);
        var unreadable = InputCheck.Unreadable(items.Select(request.JobOf), error, interruption.Token);
        using var preview = LivePreview.Start(request.Preview, interruption, error);
        if (preview is not null) preview.Hub.Total = items.Count;
        var shared = new BatchResources(request, weights, styles, new ClaimWatch(request.StaleAfter), end, preview?.Hub)
            { Unreadable = unreadable };
        var bars = !request.Quiet && LiveTerminal.Is(error) ? new BatchBars(error, items.Count) : null;
        var log = new BatchLog(items.Count, request.Quiet ? TextWriter.Null : bars?.Lines ?? error, TimeSpan.FromSeconds(5), bars);
        foreach (var reason in unreadable.Values) log.IsTold(reason);
        var sheet = request.Report is { } page ? new ContactSheet(page, request.OutputFolder) : null;
        if (bars is null) WorkOnAll();
        else bars.ShowWhile(WorkOnAll);

        log.Summarize(error);
        var noted = NoteFailures(request, log, error);
        if (end.Reason is { } ended) ErrorLine.Write(error, $"the batch ends early: {ended}");
        preview?.Hub.Finish(log.Left > 0 ? "stopped" : "the batch is done");
        sheet?.Write(items, new SheetFacts(weights.Name, log.Seconds, request.CommandLine));
        if (end.Reason is not null) return ExitCodes.Failed;
        if (log.Left > 0) return interruption.ExitCode ?? ExitCodes.Interrupted;
        return log.Failures.Count == 0 && noted ? ExitCodes.Done : ExitCodes.Failed;

        void WorkOnAll() => Work(shared, items, devices, outcome =>
        {
            sheet?.Add(outcome);
            log.Add(outcome);
            preview?.Hub.Add(outcome, Path.Combine(request.OutputFolder, outcome.Item.Name));
        }, log);
    }

    /// <summary>Writes the list of failures; false where it cannot be written, which costs nothing else.</summary>
    private static bool NoteFailures(BatchRequest request, BatchLog log, TextWriter error)
    {
        try
        {
            FailuresFile.Update(Path.Combine(request.OutputFolder, FailuresFile.NameFor(request.Shard)), log.Failures, request.Options,
                all: log.Left == 0);
            return true;
        }
        catch (Exception failure)
            when (failure is InvalidInputException or RunFailedException or IOException or UnauthorizedAccessException)
        {
            ErrorLine.Write(error, $"the list of failures is not written: {ErrorLine.Of(failure)}");
            return false;
        }
    }

    private static void Work(BatchResources shared, IReadOnlyList<BatchItem> items, IReadOnlyList<torch.Device> devices,
        Action<Outcome> done, BatchLog log)
    {
        var list = new WorkList<BatchItem>(items);
        var threads = devices.Select(device => new Thread(() => // a separate thread: dispose scopes of tensors are per thread
        {
            using var worker = new BatchWorker(shared, device, log);
            while (list.TryNext(Try, shared.End.Token))
            {
            }

            bool Try(BatchItem item)
            {
                if (worker.Try(item) is not { } outcome) return false;
                done(outcome);
                return true;
            }
        }) { Name = $"worker on {device}" }).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
    }

    private static void PrepareFolder(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"the output folder '{folder}' cannot be made: {failure.Message.TrimEnd('.')}; choose another",
                failure);
        }
    }

    /// <summary>Several workers on the CPU share its cores; a single one uses libtorch's own choice.</summary>
    private static int? ThreadShare(IReadOnlyList<string> devices) =>
        devices.Count(device => device.Equals("cpu", StringComparison.OrdinalIgnoreCase)) is > 1 and var workers
            ? Math.Max(1, Environment.ProcessorCount / workers)
            : null;
}
