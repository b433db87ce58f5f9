using System.CommandLine;
using NeuralStyle.Cli.Batch.Claims;
using NeuralStyle.Cli.Batch.Inputs;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Cli.Options;
using NeuralStyle.Imaging;

namespace NeuralStyle.Cli.Batch;

/// <summary>The options that every job of a batch shares.</summary>
internal sealed record JobOptions(PictureOptions Picture, OutputOptions Output, CheckpointOptions Checkpoint, RunOptions Run);

/// <summary>Makes the job of each picture of a batch from the command line.</summary>
/// <param name="parse">The command line.</param>
/// <param name="options">Its options.</param>
/// <param name="folder">Where results go.</param>
/// <param name="logs">The log of each picture, below the folder; null for none.</param>
internal sealed class BatchJobs(ParseResult parse, JobOptions options, string folder, IReadOnlyDictionary<BatchItem, string>? logs)
{
    /// <summary>The job of a picture.</summary>
    public StyleJob Of(BatchItem item)
    {
        var output = Path.Combine(folder, item.Name);
        var (picture, run) = (options.Picture, options.Run);
        return new StyleJob
        {
            Content = item.Content,
            Styles = item.Styles,
            StyleWeights = picture.StyleWeightsOf(item.Options),
            ContentMask = item.Options.GetValueOrDefault(picture.ContentMask.Name),
            StyleMasks = picture.StyleMasksOf(item.Options),
            Protect = item.Options.GetValueOrDefault(picture.Protect.Name),
            Output = output,
            Settings = picture.Settings(item.Options),
            BitDepth = picture.BitDepthOf(item.Options),
            Quality = picture.QualityOf(item.Options),
            Metadata = !parse.GetValue(options.Output.NoMetadata),
            SaveEvery = parse.GetValue(options.Output.SaveEvery) is { } every ? Values.InRange("--save-every", every, 1, int.MaxValue) : null,
            Log = logs is null ? null : Path.Combine(folder, logs[item]),
            Checkpoint = options.Checkpoint.Bind(parse, output) is { } asked ? asked with { Path = ClaimFile.CheckpointOf(output), Resume = true } : null,
            Weights = parse.GetValue(run.Weights),
            WeightsOverrides = run.Overrides(parse),
            Memory = run.MemoryOf(parse),
            Cuda = run.CudaOf(parse),
            Verbose = parse.GetValue(run.Verbose),
        };
    }

    /// <summary>Finds every wrong setting before anything runs.</summary>
    /// <exception cref="InvalidInputException">Names the picture, unless all have the same wrong setting.</exception>
    public void Check(IReadOnlyList<BatchItem> items)
    {
        var failures = items.Select(Failure).ToArray();
        if (failures.FirstOrDefault(failure => failure is not null) is not { } first) return;
        if (failures.All(failure => failure?.Message == first.Message)) throw new InvalidInputException(first.Message, first);
        var index = Array.IndexOf(failures, first);
        throw new InvalidInputException($"picture {index + 1} ('{items[index].Name}'): {first.Message}", first);
    }

    private InvalidInputException? Failure(BatchItem item)
    {
        try
        {
            var job = Of(item);
            if (job.BitDepth is not (8 or 16)) throw new InvalidInputException($"--bit-depth is {job.BitDepth}; expected 8 or 16");
            job.CheckNumbers();
            PictureFormat.Of(job.Output).Check(job.Output, default, job.BitDepth);
            return null;
        }
        catch (InvalidInputException failure)
        {
            return failure;
        }
    }
}
