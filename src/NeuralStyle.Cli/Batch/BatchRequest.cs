using NeuralStyle.Cli.Batch.Inputs;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Cli.Options;

namespace NeuralStyle.Cli.Batch;

/// <summary>The parsed command line of <c>nst batch</c>.</summary>
internal sealed record BatchRequest
{
    /// <summary>All pictures of the plan, in the same order for every process.</summary>
    public required IReadOnlyList<BatchItem> Items { get; init; }

    /// <summary>The job of each item; outputs are in <see cref="OutputFolder"/>.</summary>
    public required Func<BatchItem, StyleJob> JobOf { get; init; }

    /// <summary>The options that decide a single picture.</summary>
    public required PictureOptions Options { get; init; }

    public required string OutputFolder { get; init; }

    /// <summary>The part of the plan for this process.</summary>
    public Shard Shard { get; init; } = Shard.Whole;

    /// <summary>The devices, with one worker each; names may repeat.</summary>
    public required IReadOnlyList<string> Devices { get; init; }

    /// <summary>CPU threads of each worker; null shares the cores among the workers on the CPU.</summary>
    public int? Threads { get; init; }

    /// <summary>Whether to make outputs that are up to date.</summary>
    public bool Force { get; init; }

    /// <summary>Whether to keep existing outputs that were made in another way.</summary>
    public bool NoClobber { get; init; }

    /// <summary>Time without a heartbeat after which the owner of a claim counts as dead.</summary>
    public required TimeSpan StaleAfter { get; init; }

    /// <summary>The contact sheet; null for none.</summary>
    public string? Report { get; init; }

    /// <summary>The command line as typed, for the page.</summary>
    public string? CommandLine { get; init; }

    /// <summary>The preview page to serve; null for none.</summary>
    public PreviewRequest? Preview { get; init; }

    public bool Quiet { get; init; }
}
