using System.CommandLine;
using NeuralStyle.Cli.Batch.Claims;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Cli.Options;
using NeuralStyle.Imaging;

namespace NeuralStyle.Cli.Batch;

/// <summary>Builds the job of each picture of a batch.</summary>
/// <param name="parse">The command line.</param>
/// <param name="options">Its options.</param>
/// <param name="folder">Where results go.</param>
/// <param name="logs">The log of each picture, below the folder; null for none.</param>
internal sealed class BatchJobs(ParseResult parse, JobOptions options, string folder, IReadOnlyDictionary<BatchItem, string>? logs)
{
    private readonly JobBinder _binder = new(options);

    /// <summary>The job of a picture.</summary>
    public StyleJob Of(BatchItem item)
    {
        var output = Path.Combine(folder, item.Name);
        var job = _binder.Bind(parse,
            new JobSource(item.Content, item.Styles, output, OptionTexts.Of(item.Options).Or(OptionTexts.Of(parse))));
        return job with
        {
            Log = logs is null ? null : Path.Combine(folder, logs[item]),
            Checkpoint = job.Checkpoint is { } asked ? asked with { Path = ClaimFile.CheckpointOf(output), Resume = true } : null,
        };
    }

    /// <summary>Finds wrong settings before anything runs.</summary>
    /// <returns>The jobs.</returns>
    /// <exception cref="InvalidInputException">A setting is wrong; the message names the picture, unless all have the same
    /// fault.</exception>
    public IReadOnlyList<StyleJob> Check(IReadOnlyList<BatchItem> items)
    {
        var checks = items.Select(Try).ToArray();
        var failures = checks.Select(check => check.Failure).ToArray();
        if (failures.FirstOrDefault(failure => failure is not null) is not { } first) return checks.Select(check => check.Job!).ToArray();
        if (failures.All(failure => failure?.Message == first.Message)) throw new InvalidInputException(first.Message, first);
        var index = Array.IndexOf(failures, first);
        throw new InvalidInputException($"picture {index + 1} ('{items[index].Name}'): {first.Message}", first);
    }

    private (StyleJob? Job, InvalidInputException? Failure) Try(BatchItem item)
    {
        try
        {
            var job = Of(item);
            PictureFormat.Of(job.Output).Check(job.Output, default, job.Encoding.BitDepth);
            return (job, null);
        }
        catch (InvalidInputException failure)
        {
            return (null, failure);
        }
    }
}
