namespace NeuralStyle.Cli.Batch;

/// <summary>The work left, shared by the workers of this process. Items that another process has claimed come back later.</summary>
/// <param name="items">In the order to work in.</param>
internal sealed class WorkList<T>(IEnumerable<T> items)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(0.25), LongestPause = TimeSpan.FromSeconds(5);
    private readonly PriorityQueue<(T Item, TimeSpan Pause), (long Ready, int Order)> _queue =
        new(items.Select((item, order) => ((item, FirstPause), (0L, order))));
    private readonly Lock _gate = new();
    private int _order = int.MaxValue / 2;

    /// <summary>Takes the next item; waits while all remaining items are resting.</summary>
    /// <param name="work">Tries the item; false if it must rest and be tried again.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>False if nothing is left, or the wait was cancelled.</returns>
    public bool TryNext(Func<T, bool> work, CancellationToken cancellation)
    {
        (T Item, TimeSpan Pause) next;
        long ready;
        lock (_gate)
        {
            if (!_queue.TryDequeue(out next, out var priority)) return false;
            ready = priority.Ready;
        }
        var wait = TimeSpan.FromMilliseconds(Math.Max(0, ready - Environment.TickCount64));
        if (cancellation.WaitHandle.WaitOne(wait)) return false;
        if (work(next.Item)) return true;
        var longer = next.Pause * 2 > LongestPause ? LongestPause : next.Pause * 2;
        lock (_gate) _queue.Enqueue((next.Item, longer), (Environment.TickCount64 + (long)next.Pause.TotalMilliseconds, _order++));
        return true;
    }
}
