using NeuralStyle.Cli.Jobs;
using NeuralStyle.Imaging;
using NeuralStyle.Runs;
using NeuralStyle.Vgg;

namespace NeuralStyle.Cli.Batch;

/// <summary>Distinguishes up-to-date outputs from those to be made.</summary>
/// <param name="weights">The network in use.</param>
/// <param name="styles">Opens style pictures.</param>
/// <param name="again">Whether to make all pictures again.</param>
internal sealed class EarlierOutputs(VggWeights weights, SharedPictures styles, bool again)
{
    /// <summary>Whether the output exists and was made with the same settings, pictures and weights.</summary>
    public bool IsUpToDate(StyleJob job)
    {
        if (again || !File.Exists(job.Output)) return false;
        using var inputs = new JobInputs(job, styles);
        return IsUpToDate(job, inputs);
    }

    /// <summary>The same with open pictures.</summary>
    public bool IsUpToDate(StyleJob job, JobInputs inputs) => !again && File.Exists(job.Output)
        && RunRecord.TryFromJson(ReadRecord(job)) is { } earlier
        && earlier.Fingerprint == inputs.Record(job, weights).Fingerprint;

    /// <summary>
    /// The record in the place that this job would use: with --no-metadata, a picture that contains its record does not count
    /// for.
    /// </summary>
    private static string? ReadRecord(StyleJob job)
    {
        var told = PictureMetadata.TryRead(job.Output);
        return job.Metadata ? told : told is null ? RecordFile.TryRead(job.Output) : null;
    }
}
