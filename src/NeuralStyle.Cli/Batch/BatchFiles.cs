using NeuralStyle.Cli.Batch.Claims;
using NeuralStyle.Cli.Batch.Inputs;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Cli.Options;
using NeuralStyle.Weights;

namespace NeuralStyle.Cli.Batch;

/// <summary>The files of a whole batch, all shards of it: every process must come to the same answer.</summary>
internal static class BatchFiles
{
    /// <summary>Fails when the batch would overwrite something that it reads, or one result by another.</summary>
    /// <param name="jobs">Every picture to make.</param>
    /// <param name="lists">Files that the plan was read from: lists, pairs, response files.</param>
    /// <param name="folder">Where results go.</param>
    /// <param name="report">The page to write; null for none.</param>
    /// <param name="shard">The part that is made here.</param>
    /// <exception cref="InvalidInputException">Names both files.</exception>
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
