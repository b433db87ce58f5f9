using System.Collections.Concurrent;
using NeuralStyle.Cli.Batch;

namespace NeuralStyle.Cli.Tests.Batch;

public sealed class WorkListTests
{
    [Fact]
    public void Items_come_in_order()
    {
        var list = new WorkList<int>([3, 1, 2]);
        List<int> seen = [];
        while (list.TryNext(item => Add(seen, item), TestContext.Current.CancellationToken))
        {
        }
        Assert.Equal([3, 1, 2], seen);
    }

    [Fact]
    public void What_must_rest_comes_back_behind_the_others()
    {
        var list = new WorkList<int>([1, 2, 3]);
        List<int> seen = [];
        while (list.TryNext(item => Add(seen, item) && (item != 1 || seen.Count > 3), TestContext.Current.CancellationToken))
        {
        }
        Assert.Equal([1, 2, 3, 1], seen);
    }

    [Fact]
    public void Several_workers_share_the_items()
    {
        var list = new WorkList<int>(Enumerable.Range(0, 200));
        ConcurrentBag<int> seen = [];
        var token = TestContext.Current.CancellationToken;
        var threads = Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            while (list.TryNext(item => Add(seen, item), token))
            {
            }
        })).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        Assert.Equal(Enumerable.Range(0, 200), seen.Order());
    }

    [Fact]
    public void A_wait_ends_when_it_is_cancelled()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var list = new WorkList<int>([1]);
        Assert.True(list.TryNext(_ => false, stop.Token));
        stop.Cancel();
        Assert.False(list.TryNext(_ => throw new InvalidOperationException("the item came though the wait was cancelled"), stop.Token));
    }

    private static bool Add(List<int> seen, int item)
    {
        seen.Add(item);
        return true;
    }

    private static bool Add(ConcurrentBag<int> seen, int item)
    {
        seen.Add(item);
        return true;
    }
}
