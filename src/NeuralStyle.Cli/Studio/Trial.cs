namespace NeuralStyle.Cli.Studio;

/// <summary>One or more small pictures that a page asked for together.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Page">The page that asked; each has one trial and one grid at most.</param>
/// <param name="IsGrid">Whether several pictures are compared.</param>
/// <param name="Size">Long side in pixels.</param>
/// <param name="Cells">The pictures.</param>
/// <param name="Fresh">Whether not to continue from the page's last trial.</param>
internal sealed record Trial(int Id, string Page, bool IsGrid, int Size, IReadOnlyList<TrialCell> Cells, bool Fresh) : IDisposable
{
    private readonly CancellationTokenSource _cancelled = new();

    public CancellationToken Cancellation => _cancelled.Token;

    /// <summary>Ends it; pictures that are made already stay.</summary>
    public void Cancel()
    {
        _cancelled.Cancel();
        foreach (var cell in Cells.Where(cell => cell.State is WorkState.Waiting or WorkState.Painting)) cell.State = WorkState.Stopped;
    }

    public void Dispose() => _cancelled.Dispose();
}

/// <summary>One picture of a trial.</summary>
/// <param name="Wish">What it is.</param>
/// <param name="Work">How far it is.</param>
internal sealed record TrialCell(Wish Wish, Work Work)
{
    /// <summary>How far it is.</summary>
    public WorkState State { get; set; }

    /// <summary>Why it failed.</summary>
    public string? Error { get; set; }

    /// <summary>How long it took.</summary>
    public double? Seconds { get; set; }
}
