using NeuralStyle.Cli.Reporting;
using NeuralStyle.Imaging;
using NeuralStyle.Runtime;
using NeuralStyle.Vgg;

namespace NeuralStyle.Cli.Running;

/// <summary>Files in, file out: checks everything that can be checked at once, then loads, runs and writes.</summary>
internal static class JobRunner
{
    public static int Run(StyleJob job, TextWriter error)
    {
        JobChecks.Check(job);
        using var interruption = new Interruption(error);
        TorchRuntime.Initialize(job.Threads);
        var device = ComputeDevice.Select(job.Device);
        using var content = Picture.Load(job.Content);
        using var styles = new Pictures(job.Styles);
        using var start = job.Settings.Start is { Path: { } path } ? Picture.Load(path) : null;
        var weights = NetworkChoice.Load(job.Weights, job.WeightsOverrides, job.Quiet ? TextWriter.Null : error);
        var record = Record(job, content, styles, weights);
        if (job.Verbose) ErrorLine.Hint(error, $"device {device}, {TorchSharp.torch.get_num_threads()} threads; settings {record.ToJson()}");

        var inputs = new StyleInputs(content.AsSource(), styles.Select(style => style.AsSource()).ToArray(), Start: start?.AsSource());
        using var log = job.Log is { } file ? new RunLog(file, record) : null;
        var saver = job.SaveEvery is { } every ? new PictureSaver(every, job.Output, Save) : null;
        using var result = WithProgress(job, error, progress =>
        {
            IProgress<RunProgress>?[] observers = [progress, log, saver];
            return StyleTransfer.Run(inputs, weights, job.Settings, device, new Observers(observers.OfType<IProgress<RunProgress>>().ToArray()), interruption.Token);
        });

        Save(result.Image, job.Output);
        if (result.Completed) return ExitCodes.Done;
        ErrorLine.Write(error, $"stopped; the picture so far is in '{job.Output}'");
        return interruption.ExitCode ?? ExitCodes.Interrupted;

        void Save(TorchSharp.torch.Tensor image, string path) => PictureWriter.Save(image, path, new PictureOutput
        {
            BitDepth = job.BitDepth,
            Quality = job.Quality,
            AlphaFrom = content.HasAlpha ? content : null,
            Metadata = job.Metadata ? record.ToJson() : null,
        });
    }

    private static StyleResult WithProgress(StyleJob job, TextWriter error, Func<IProgress<RunProgress>?, StyleResult> run)
    {
        if (job.Quiet) return run(null);
        return Console.IsErrorRedirected || error != Console.Error
            ? run(new ProgressLines(error, TimeSpan.FromSeconds(3)))
            : ProgressBar.Show(error, run);
    }

    private static RunRecord Record(StyleJob job, Picture content, Pictures styles, VggWeights weights) => new()
    {
        Content = new InputFile(job.Content, content.Sha256),
        Styles = styles.Select(style => new InputFile(style.Path, style.Sha256)).ToArray(),
        Weights = new InputFile(weights.Name, weights.Sha256),
        Settings = job.Settings,
    };
}
