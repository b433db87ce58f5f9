namespace NeuralStyle.Cli.Batch;

/// <summary>How one picture ended.</summary>
internal enum OutcomeKind
{
    /// <summary>Made by this process.</summary>
    Made,

    /// <summary>There already, made the same way.</summary>
    UpToDate,

    /// <summary>Could not be made.</summary>
    Failed,
}

/// <summary>What became of one picture.</summary>
/// <param name="Item">Which one.</param>
/// <param name="Kind">How it ended.</param>
/// <param name="Reason">Why it failed, in one line.</param>
internal sealed record Outcome(BatchItem Item, OutcomeKind Kind, string? Reason = null);
