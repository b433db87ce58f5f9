using NeuralStyle.Cli.Batch.Inputs;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Cli.Options;

namespace NeuralStyle.Cli.Batch;

/// <summary>Everything that the command line of <c>nst batch</c> said.</summary>
internal sealed record BatchRequest
{
    /// <summary>What to make, all of it, in the order that every process agrees on.</summary>
    public required IReadOnlyList<BatchItem> Items { get; init; }

    /// <summary>The job of each item; the items' outputs lie in <see cref="OutputFolder"/>.</summary>
    public required Func<BatchItem, StyleJob> JobOf { get; init; }

    /// <summary>The options that decide a single picture.</summary>
    public required PictureOptions Options { get; init; }

    public required string OutputFolder { get; init; }

    /// <summary>The part of the items that is ours.</summary>
    public Shard Shard { get; init; } = Shard.Whole;

    /// <summary>One worker works on each; names may repeat.</summary>
    public required IReadOnlyList<string> Devices { get; init; }

    /// <summary>CPU threads of each worker; null shares the cores among the workers on the CPU.</summary>
    public int? Threads { get; init; }

    /// <summary>Whether finished outputs are made again.</summary>
    public bool Force { get; init; }

    /// <summary>Whether outputs that are there, but were made otherwise, are left alone.</summary>
    public bool NoClobber { get; init; }

    /// <summary>How long a claim's heartbeat may stand still before its owner counts as dead.</summary>
    public required TimeSpan StaleAfter { get; init; }

    /// <summary>Page that shows all results; null for none.</summary>
    public string? Report { get; init; }

    /// <summary>What was typed, for the page.</summary>
    public string? CommandLine { get; init; }

    /// <summary>The page to serve meanwhile; null for none.</summary>
    public PreviewRequest? Preview { get; init; }

    public bool Quiet { get; init; }
}
