using NeuralStyle.Cli.Jobs;
using NeuralStyle.Runtime;

namespace NeuralStyle.Cli.Batch;

/// <summary>The dry run of a batch.</summary>
internal static class DryRun
{
    /// <summary>
    /// For each picture of the part: <c>make</c>, <c>make again</c> for one that exists and was made in another way, <c>up to date</c>,
    /// <c>keep</c>, or <c>unreadable</c>. The network is loaded only if there are earlier results.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="error">Receives lines about unreadable inputs.</param>
    /// <param name="notes">Receives a line about the network.</param>
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
