namespace NeuralStyle.Cli.Jobs;

/// <summary>The outcomes of a picture.</summary>
internal enum OutcomeKind
{
    /// <summary>Made by this process.</summary>
    Made,

    /// <summary>Already there, made in the same way.</summary>
    UpToDate,

    /// <summary>There already, made otherwise, and left alone.</summary>
    Kept,

    /// <summary>Could not be made.</summary>
    Failed,
}

/// <summary>What became of one picture.</summary>
/// <param name="Item">Which one.</param>
/// <param name="Kind">How it ended.</param>
/// <param name="Reason">Why it failed or was kept, in one line; null where there is nothing to say.</param>
/// <param name="Seconds">What making it took; null when it was not made here.</param>
internal sealed record Outcome(BatchItem Item, OutcomeKind Kind, string? Reason = null, double? Seconds = null)
{
    /// <summary>The kind, for people.</summary>
    public string Word => Kind switch
    {
        OutcomeKind.Made => "made",
        OutcomeKind.UpToDate => "up to date",
        OutcomeKind.Kept => "kept",
        _ => "failed",
    };
}
