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
/// <param name="Written">Whether the picture was written.</param>
/// <param name="Size">The size of the picture; null when there is none.</param>
internal sealed record MadePicture(bool Completed, bool Written, PixelSize? Size = null);

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
    /// <returns>How the run ended.</returns>
    public static MadePicture Make(StyleJob job, JobInputs inputs, VggWeights weights, torch.Device device,
        IProgress<RunProgress>? progress,
        CancellationToken cancellation, Func<StyleResult, bool>? mayWrite = null, Notices? notices = null, PreviewHub? preview = null)
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
        if (result is null) return new MadePicture(Completed: false, Written: false);
        var written = result.Begun && mayWrite?.Invoke(result) != false; // a start picture must not replace an earlier result
        if (written) Save(result.Image, job.Output, result.Completed);
        shown?.Finish(result.Image);
        // not a moment earlier: a run killed while it writes loses nothing; and what was not written may be another's by now
        if (result.Completed && written) job.Checkpoint?.Remove();
        if (written && history is not null)
            RunReport.Write(job.Report!,
                new RunReportData(job, inputs, record with { Completed = result.Completed }, history, device, result.Image));
        return new MadePicture(result.Completed, written, ImageTensor.SizeOf(result.Image));

        StyleResult? Run()
        {
            var run = new RunSettings
            {
                Device = device,
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

        void Save(torch.Tensor image, string path, bool completed)
        {
            var encoding = job.Encoding with
            {
                Original = inputs.Content,
                KeepAuthorship = job.Metadata,
                Metadata = job.Metadata ? (record with { Completed = completed }).ToJson() : null,
            };
            if (path == StandardPictures.Name)
            {
                using var stream = StandardPictures.OpenOutput();
                PictureWriter.Save(image, stream, job.Format, encoding);
            }
            else PictureWriter.Save(image, path, encoding);
        }
    }
}
