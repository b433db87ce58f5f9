using NeuralStyle.Cli.Batch.Claims;
using NeuralStyle.Cli.Batch.Inputs;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Cli.Options;
using NeuralStyle.Weights;

namespace NeuralStyle.Cli.Batch;

/// <summary>The files of a whole batch with all its shards: every process must get the same answer.</summary>
internal static class BatchFiles
{
    /// <summary>Fails if the batch would overwrite one of its inputs, or one result by another.</summary>
    /// <param name="jobs">All pictures to make.</param>
    /// <param name="lists">Files that the plan was read from: lists, pairs, response files.</param>
    /// <param name="folder">The folder for results.</param>
    /// <param name="report">The page to write; null for none.</param>
    /// <param name="shard">The part for this process.</param>
    /// <exception cref="InvalidInputException">Two uses conflict; the message names both files.</exception>
    public static void Check(IReadOnlyList<StyleJob> jobs, IEnumerable<(string What, string Path)> lists, string folder, string? report,
        Shard shard)
    {
        var files = new FileUses("choose another folder for -o, or another --name");
        files.Reads("the weights", new WeightsLocator().Locate(jobs[0].Weights, "--weights").Path).Writes("--report", report);
        foreach (var (what, path) in jobs.SelectMany(job => job.NamedInputs).Concat(lists).Distinct()) files.Reads(what, path);
        var failures = Path.Combine(folder, FailuresFile.NameFor(shard));
        if (!FailuresFile.IsOurs(failures)) files.Keeps("the list of failures", failures); // an earlier list may be the plan
        foreach (var job in jobs)
        {
            files.Writes("the output", job.Output).Appends("--log", job.Log);
            files.Keeps("the claim", ClaimFile.PathOf(job.Output, generation: 0)).Keeps("the record", RecordFile.PathOf(job.Output));
            if (job.Checkpoint is { } checkpoint) files.Keeps("the checkpoint", checkpoint.Path);
        }
        if (jobs[0].SaveEvery is not null) files.WritesIntermediates();
        files.Check();
    }
}
