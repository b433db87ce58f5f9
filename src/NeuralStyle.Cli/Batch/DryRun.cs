using NeuralStyle.Cli.Jobs;
using NeuralStyle.Runtime;

namespace NeuralStyle.Cli.Batch;

/// <summary>What a batch would do with each picture.</summary>
internal static class DryRun
{
    /// <summary>
    /// For each picture of the part: <c>make</c>, <c>make again</c> for one that is there and was made otherwise, <c>up to date</c>,
    /// <c>keep</c>, or <c>unreadable</c>. The network is loaded only where results are there already.
    /// </summary>
    /// <param name="request">What the batch would do.</param>
    /// <param name="error">Told of inputs that cannot be read.</param>
    /// <param name="notes">Told which network is in use.</param>
    public static IReadOnlyDictionary<BatchItem, string> Words(BatchRequest request, TextWriter error, TextWriter notes)
    {
        var jobs = request.Shard.Of(request.Items).ToDictionary(item => item, request.JobOf);
        var unreadable = InputCheck.Unreadable(jobs.Values, error, CancellationToken.None);
        using var styles = new SharedPictures();
        EarlierOutputs? earlier = null;
        if (!request.Force && jobs.Values.FirstOrDefault(job => File.Exists(job.Output)) is { } first)
        {
            TorchRuntime.Initialize(request.Threads);
            earlier = new EarlierOutputs(NetworkChoice.Load(first.Weights, first.WeightsOverrides, notes), styles, again: false);
        }
        return jobs.ToDictionary(pair => pair.Key, pair => WordOf(pair.Value));

        string WordOf(StyleJob job)
        {
            if (job.Inputs.Any(unreadable.ContainsKey)) return "unreadable";
            if (!File.Exists(job.Output)) return "make";
            if (earlier?.IsUpToDate(job) == true) return "up to date";
            return request.NoClobber ? "keep" : "make again";
        }
    }
}
