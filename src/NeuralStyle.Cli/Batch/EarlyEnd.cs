namespace NeuralStyle.Cli.Batch;

/// <summary>Ends a batch early: by a signal, or because no picture could be made any more. Safe to use from several threads.</summary>
/// <param name="signals">Cancelled by a signal.</param>
internal sealed class EarlyEnd(CancellationToken signals) : IDisposable
{
    private readonly CancellationTokenSource _source = CancellationTokenSource.CreateLinkedTokenSource(signals);
    private string? _reason;

    /// <summary>Cancelled at the end, whatever its cause.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Why the batch cannot continue, in one line; null where it can, or a signal came.</summary>
    public string? Reason => Volatile.Read(ref _reason);

    /// <summary>Ends the batch. The first reason counts.</summary>
    public void Because(string reason)
    {
        Interlocked.CompareExchange(ref _reason, reason, null);
        _source.Cancel();
    }

    public void Dispose() => _source.Dispose();
}
