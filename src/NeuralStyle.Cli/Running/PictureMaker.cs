using NeuralStyle.Cli.Jobs;
using NeuralStyle.Cli.Pages;
using NeuralStyle.Cli.Progress;
using NeuralStyle.Imaging;
using NeuralStyle.Runs;
using NeuralStyle.Scales;
using NeuralStyle.Vgg;
using TorchSharp;

namespace NeuralStyle.Cli.Running;

/// <summary>How a run ended.</summary>
/// <param name="Completed">Whether all iterations were done.</param>
/// <param name="Path">The file that was written; null for none.</param>
/// <param name="Size">The size of the picture; null when there is none.</param>
internal sealed record MadePicture(bool Completed, string? Path = null, PixelSize? Size = null)
{
    /// <summary>Whether the picture was written.</summary>
    public bool Written => Path is not null;
}

/// <summary>
/// Runs one job on open inputs and loaded weights, and writes the picture. Used by <c>nst</c> and <c>nst batch</c>.
/// </summary>
internal static class PictureMaker
{
    /// <summary>Makes the picture.</summary>
    /// <param name="job">The job.</param>
    /// <param name="inputs">The job's pictures.</param>
    /// <param name="weights">The network.</param>
    /// <param name="device">The device.</param>
    /// <param name="progress">Receives a report after every iteration.</param>
    /// <param name="cancellation">Ends the run early with the picture so far.</param>
    /// <param name="mayWrite">Called before the result is written; null: always write. Intermediate pictures are written without
    /// asking.</param>
    /// <param name="notices">Receives lines about where a run continues and about checkpoints that could not be saved; null for
    /// none.</param>
    /// <param name="preview">The page that shows the run; null for none.</param>
    /// <param name="cache">What the run shares with others on its thread; null for nothing.</param>
    /// <returns>How the run ended.</returns>
    public static MadePicture Make(StyleJob job, JobInputs inputs, VggWeights weights, torch.Device device,
        IProgress<RunProgress>? progress,
        CancellationToken cancellation, Func<StyleResult, bool>? mayWrite = null, Notices? notices = null, PreviewHub? preview = null,
        StyleCache? cache = null)
    {
        // now, not after hours of work
        job.Format
            .Check(job.OutputName, ScaleSchedule.For(inputs.Content.Size, job.Settings)[^1].Size, job.Encoding.BitDepth);
        var record = inputs.Record(job, weights);
        using var log = job.Log is { } file ? new RunLog(file, LogHeader.Of(job, record, device), notices?.Warn, cancellation) : null;
        var saver = job.SaveEvery is { } every
            ? new PictureSaver(every, job.Output, (image, path) => Save(image, path, completed: false), notices?.Warn)
            : null;
        var history = job.Report is null ? null : new LossHistory();
        var shown = preview?.Begin(job, inputs.Open, (image, path) => Save(image, path, completed: false));
        using var result = Run();
        if (result is null) return new MadePicture(Completed: false);
        var mayBeWritten = result.Begun && mayWrite?.Invoke(result) != false; // a start picture must not replace an earlier result
        var written = mayBeWritten ? Save(result.Image, job.Output, result.Completed, job.MustBeNew) : null;
        if (written is not null && notices is not null) EarlierResult.Tell(job.Output, written, notices.Warn);
        shown?.Finish(result.Image);
        // not a moment earlier: a run killed while it writes loses nothing; and what was not written may be another's by now
        if (result.Completed && written is not null) job.Checkpoint?.Remove();
        if (written is not null && history is not null)
        {
            var page = RunReport.Write(job.Report!, new RunReportData(job with { Output = written }, inputs,
                record with { Completed = result.Completed }, history, device, result.Image));
            if (notices is not null) EarlierResult.Tell(job.Report!, page, notices.Warn);
        }
        return new MadePicture(result.Completed, written, ImageTensor.SizeOf(result.Image));

        StyleResult? Run()
        {
            var run = new RunSettings
            {
                Device = device,
                Cache = cache,
                Progress = Observers.Of(progress, log, history, saver, shown),
                Checkpoint = job.Checkpoint?.For(record, notices),
                Notice = notices is null ? null : notice => notices.Tell(OptionNames.In(notice)),
                Memory = job.Memory with { Notice = job.Verbose ? notices?.Tell : null },
            };
            try
            {
                return StyleTransfer.Run(inputs.ToStyleInputs(), weights, job.Settings, run, cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return null; // stopped while pictures were decoded for the first iteration
            }
        }

        string Save(torch.Tensor image, string path, bool completed, bool keepEarlier = false)
        {
            var encoding = job.Encoding with
            {
                Original = inputs.Content,
                KeepAuthorship = job.Metadata,
                KeepEarlier = keepEarlier,
                Metadata = job.Metadata ? (record with { Completed = completed }).ToJson() : null,
            };
            if (path != StandardPictures.Name) return PictureWriter.Save(image, path, encoding);
            using var stream = StandardPictures.OpenOutput();
            PictureWriter.Save(image, stream, job.Format, encoding);
            return path;
        }
    }
}
