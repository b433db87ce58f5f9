using NeuralStyle.Cli.Jobs;
using NeuralStyle.Cli.Pages;
using NeuralStyle.Cli.Progress;
using NeuralStyle.Cli.Terminal;
using NeuralStyle.Runs;
using NeuralStyle.Runtime;
using NeuralStyle.Runtime.Files;
using NeuralStyle.Runtime.Native;

namespace NeuralStyle.Cli.Running;

/// <summary>Files in, file out: checks everything that can be checked at once, then loads, runs and writes.</summary>
internal static class JobRunner
{
    public static int Run(StyleJob job, TextWriter output, TextWriter error)
    {
        JobChecks.Check(job);
        using var interruption = new Interruption(error);
        TorchRuntime.Initialize(job.Threads);
        var device = ComputeDevice.Select(job.Device);
        CudaTuning.Use(device, job.Cuda);
        using var inputs = new JobInputs(job);
        var weights = NetworkChoice.Load(job.Weights, job.WeightsOverrides, job.Quiet ? TextWriter.Null : error);
        if (job.Verbose)
            ErrorLine.Hint(error,
                $"device {device}, {TorchSharp.torch.get_num_threads()} "
                    + $"threads{(LibtorchContext.Folder is { } libtorch ? $", libtorch of '{libtorch}'" : "")}; settings "
                    + $"{inputs.Record(job, weights).ToJson()}");

        AtomicFile.RemoveLeftovers(job.Output); // of a process killed while it wrote
        job.Checkpoint?.Announce(job.Quiet ? TextWriter.Null : error);
        using var preview = LivePreview.Start(job.Preview, interruption, error);
        var made = WithProgress(job, error, progress => PictureMaker.Make(job, inputs, weights, device, progress, interruption.Token,
            notices: new Notices(Tell, Warn), preview: preview?.Hub));
        preview?.Hub.Finish(made.Completed ? "done" : made.Written ? "stopped; the picture so far is saved" : "stopped");
        if (made.Written && job.Show is { } way) PictureShow.Print(job.Output, way, output, job.Quiet ? TextWriter.Null : error);
        if (made.Completed) return ExitCodes.Done;
        ErrorLine.Write(error, made.Written
            ? $"stopped; the picture so far is in "
                + $"'{job.Output}'{(job.Checkpoint is null ? "" : "; the same command with --resume continues")}"
            : "stopped before the first iteration; nothing was written");
        return interruption.ExitCode ?? ExitCodes.Interrupted;

        void Tell(string line) => ErrorLine.Hint(job.Quiet ? TextWriter.Null : error, line);
        void Warn(string line) => ErrorLine.Write(error, line);
    }

    private static MadePicture WithProgress(StyleJob job, TextWriter error, Func<IProgress<RunProgress>?, MadePicture> run)
    {
        if (job.Quiet) return run(null);
        return Console.IsErrorRedirected || error != Console.Error
            ? run(new ProgressLines(error, TimeSpan.FromSeconds(3)))
            : ProgressBar.Show(error, run);
    }
}
