using NeuralStyle.Cli.Jobs;
using NeuralStyle.Cli.Pages;
using NeuralStyle.Imaging;
using NeuralStyle.Runtime.Native;
using NeuralStyle.Weights;

namespace NeuralStyle.Cli.Running;

/// <summary>Checks that are possible before anything is loaded.</summary>
internal static class JobChecks
{
    public static void Check(StyleJob job)
    {
        if (job.ToStandardOutput) CheckStream(job);
        else PictureWriter.CheckPath(job.Output, job.Encoding.BitDepth);
        if (job.Report is { } report) ReportPath.Check(report);
        if (job.Settings.Start.Path is { } start && start != StandardPictures.Name && !Path.Exists(start))
            throw new InvalidInputException(
                $"--init '{start}' does not exist; expected auto, content, noise, style, blend:X or the name of a picture");
        if (job.Checkpoint is { } checkpoint) CheckCheckpoint(checkpoint.Path);
        FilesOf(job).Check();
        foreach (var path in job.Inputs.Where(path => path != StandardPictures.Name)) PictureFile.CheckExists(path);
    }

    private static FileUses FilesOf(StyleJob job)
    {
        var files = new FileUses()
            .Reads("the weights", new WeightsLocator().Locate(job.Weights, job.WeightsOrigin).Path)
            .Writes("--output", job.Output)
            .Writes("--report", job.Report)
            .Writes("--checkpoint", job.Checkpoint?.Path)
            .Appends("--log", job.Log);
        foreach (var (what, path) in job.NamedInputs.Concat(job.OtherInputs)) files.Reads(what, path);
        return job.SaveEvery is null ? files : files.WritesIntermediates();
    }

    private static void CheckStream(StyleJob job)
    {
        if (InheritedStream.IsClosed(InheritedStream.Output))
            throw new RunFailedException(
                $"the picture cannot be written: {StandardPictures.OutputName} is closed; redirect it, or name a file");
        if (!Console.IsOutputRedirected)
            throw new InvalidInputException("-o - would write a picture to the terminal; redirect it, or name a file");
        if (job.SaveEvery is not null)
            throw new InvalidInputException("--save-every needs the name of a file, but -o - has none; leave out one of them");
        if (job.Show is not null)
            throw new InvalidInputException("--show and -o - both write to standard output; leave out one of them");
        job.Format.Check(StandardPictures.OutputName, default, job.Encoding.BitDepth);
    }

    private static void CheckCheckpoint(string path)
    {
        if (Directory.Exists(path)) throw new InvalidInputException($"--checkpoint '{path}' is a folder; name a file");
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder))
            throw new InvalidInputException($"--checkpoint '{path}': the folder '{folder}' does not exist; create it first");
    }
}
