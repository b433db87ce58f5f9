namespace NeuralStyle.Cli.Pages;

/// <summary>Lets pages wait for the next change of a state. Thread-safe.</summary>
internal sealed class ChangeSignal
{
    private TaskCompletionSource _change = New();

    /// <summary>Completes at the next change.</summary>
    public Task Next => Volatile.Read(ref _change).Task;

    /// <summary>Completes the task of those who wait.</summary>
    public void Raise() => Interlocked.Exchange(ref _change, New()).SetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
