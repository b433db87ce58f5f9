namespace NeuralStyle.Cli.Jobs;

/// <summary>The outcomes of a picture.</summary>
internal enum OutcomeKind
{
    /// <summary>Made by this process.</summary>
    Made,

    /// <summary>Already there, made in the same way.</summary>
    UpToDate,

    /// <summary>Already there, made in another way, and kept.</summary>
    Kept,

    /// <summary>Failed.</summary>
    Failed,
}

/// <summary>The outcome of one picture.</summary>
/// <param name="Item">The picture.</param>
/// <param name="Kind">The outcome.</param>
/// <param name="Reason">Why it failed or was kept, in one line; null if there is no reason to give.</param>
/// <param name="Seconds">The time it took; null if it was not made here.</param>
internal sealed record Outcome(BatchItem Item, OutcomeKind Kind, string? Reason = null, double? Seconds = null)
{
    /// <summary>The kind as text.</summary>
    public string Word => Kind switch
    {
        OutcomeKind.Made => "made",
        OutcomeKind.UpToDate => "up to date",
        OutcomeKind.Kept => "kept",
        _ => "failed",
    };
}
