using System.Diagnostics;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Cli.Pages;
using NeuralStyle.Cli.Progress;
using NeuralStyle.Cli.Terminal;
using NeuralStyle.Runs;
using NeuralStyle.Runtime;
using NeuralStyle.Runtime.Files;
using NeuralStyle.Runtime.Native;

namespace NeuralStyle.Cli.Running;

/// <summary>Files in, file out: first makes all checks that are possible, then loads, runs and writes.</summary>
internal static class JobRunner
{
    public static int Run(StyleJob job, TextWriter output, TextWriter error)
    {
        var clock = Stopwatch.StartNew();
        JobChecks.Check(job);
        var notes = job.Quiet ? TextWriter.Null : error;
        if (job.Checkpoint is not { Resume: true } || !EarlierResult.IsUnfinished(job.Output))
            EarlierResult.Meet(job.Output, job.NoClobber, notes);
        EarlierResult.Meet(job.Report, job.NoClobber, notes);
        using var interruption = new Interruption(error);
        try
        {
            return Run(job, output, error, clock, interruption);
        }
        catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested) // while files were opened
        {
            return Stopped(new MadePicture(Completed: false), job, error, interruption);
        }
    }

    private static int Run(StyleJob job, TextWriter output, TextWriter error, Stopwatch clock, Interruption interruption)
    {
        var notes = job.Quiet ? TextWriter.Null : error;
        TorchRuntime.Initialize(job.Threads);
        var device = ComputeStart.On(job.Device, job.Compute, error);
        using var inputs = new JobInputs(job, cancellation: interruption.Token);
        if (job.Styles.Count > 1) Tell($"the content is '{job.Content}'; {job.Styles.Count} styles are mixed: '"
            + $"{string.Join("', '", job.Styles)}'");
        foreach (var notice in job.Quiet ? [] : inputs.Notices) Tell(notice);
        var weights = NetworkChoice.Load(job.Weights, job.WeightsOverrides, notes, job.WeightsOrigin);
        if (job.Verbose)
            ErrorLine.Hint(error,
                $"device {device}, {TorchSharp.torch.get_num_threads()} "
                    + $"threads{(LibtorchContext.Folder is { } libtorch ? $", libtorch of '{libtorch}'" : "")}; settings "
                    + $"{inputs.Record(job, weights).ToJson()}");

        foreach (var path in ((string?[])[job.ToStandardOutput ? null : job.Output, job.Report]).OfType<string>())
            AtomicFile.RemoveLeftovers(path); // of a process killed while it wrote
        job.Checkpoint?.Announce(notes);
        using var preview = LivePreview.Start(job.Preview, interruption, error);
        var made = WithProgress(job, error, progress => PictureMaker.Make(job, inputs, weights, device, progress, interruption.Token,
            notices: new Notices(Tell, Warn), preview: preview?.Hub));
        preview?.Hub.Finish(made.Completed ? "done" : made.Written ? "stopped; the picture so far is saved" : "stopped");
        if (made.Written && job.Show is { } way) PictureShow.Print(made.Path!, way, output, notes);
        if (made.Written && job.OutputIsChosen) output.WriteLine(Printable.Result(made.Path!));
        if (made.Completed)
        {
            Tell($"wrote {Named(made)}, {made.Size}, in {Duration.WithUnit(clock.Elapsed.TotalSeconds)}");
            return ExitCodes.Done;
        }
        return Stopped(made, job, error, interruption);

        void Tell(string line) => ErrorLine.Hint(notes, line);
        void Warn(string line) => ErrorLine.Warn(error, line);
    }

    private static int Stopped(MadePicture made, StyleJob job, TextWriter error, Interruption interruption)
    {
        ErrorLine.Warn(error, made.Written
            ? $"stopped; the picture so far is in "
                + $"{Named(made)}{(job.Checkpoint is null ? "" : "; the same command with --resume continues")}"
            : "stopped before the first iteration; nothing was written");
        return interruption.ExitCode ?? ExitCodes.Interrupted;
    }

    private static string Named(MadePicture made) => made.Path == StandardPictures.Name ? StandardPictures.OutputName : $"'{made.Path}'";

    private static MadePicture WithProgress(StyleJob job, TextWriter error, Func<IProgress<RunProgress>?, MadePicture> run)
    {
        if (job.Quiet) return run(null);
        return LiveTerminal.Is(error) ? ProgressBar.Show(error, run) : run(new ProgressLines(error, TimeSpan.FromSeconds(3)));
    }
}
