using NeuralStyle.Cli.Jobs;
using NeuralStyle.Cli.Pages;
using NeuralStyle.Cli.Progress;
using NeuralStyle.Imaging;

namespace NeuralStyle.Cli.Running;

/// <summary>What can be known to be wrong before anything is loaded.</summary>
internal static class JobChecks
{
    public static void Check(StyleJob job)
    {
        PictureWriter.CheckPath(job.Output, job.Encoding.BitDepth);
        foreach (var input in job.Inputs)
        {
            if (FilePath.Same(input, job.Output))
                throw new InvalidInputException($"--output '{job.Output}' is also an input; choose another name, so that nothing is lost");
        }
        if (job.SaveEvery is not null && job.Inputs.FirstOrDefault(input => PictureSaver.Names(job.Output, input)) is { } named)
            throw new InvalidInputException($"--save-every would write over the input '{named}'; choose another --output");
        if (job.Log is { } log && (FilePath.Same(log, job.Output) || job.Inputs.Any(input => FilePath.Same(input, log))))
            throw new InvalidInputException($"--log '{log}' is also an input or the output; choose another name");
        if (job.Report is { } report)
        {
            string?[] others = [.. job.Inputs, job.Output, job.Log, job.Weights, job.Checkpoint?.Path];
            if (others.Any(other => other is not null && FilePath.Same(other, report)))
                throw new InvalidInputException(
                    $"--report '{report}' is also an input, the output, the log or the checkpoint; choose another name");
            ReportPath.Check(report);
        }
        if (job.Checkpoint is { } checkpoint) CheckCheckpoint(checkpoint.Path, job);
    }

    private static void CheckCheckpoint(string path, StyleJob job)
    {
        string?[] others = [.. job.Inputs, job.Output, job.Log, job.Weights];
        if (others.Any(other => other is not null && FilePath.Same(other, path)))
            throw new InvalidInputException($"--checkpoint '{path}' is also an input, the output or the log; choose another name");
        if (Directory.Exists(path)) throw new InvalidInputException($"--checkpoint '{path}' is a folder; name a file");
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder))
            throw new InvalidInputException($"--checkpoint '{path}': the folder '{folder}' does not exist; create it first");
    }
}
