using System.Collections.Concurrent;
using System.Diagnostics;
using TorchSharp;

namespace NeuralStyle.Runtime;

/// <summary>
/// A thread that helps with parts of a computation, kept for the next. It waits awake for a short while, because a layer follows the other
/// within microseconds, and waking a thread takes longer. libtorch computes alone on it: libtorch's number of threads belongs to the thread
/// that sets it, and would stay with those of a pool; and MKL does not free what it allocated for a thread that ended.
/// </summary>
internal sealed class Helper
{
    private static readonly TimeSpan s_awake = TimeSpan.FromMicroseconds(50);
    private static readonly ConcurrentBag<Helper> s_idle = [];

    private readonly SemaphoreSlim _begun = new(0), _ended = new(0);
    private Action _work = () => { };

    private Helper() => new Thread(Run) { IsBackground = true, Name = "nst helper" }.Start();

    /// <summary>Takes some helpers, which come back by <see cref="End"/>.</summary>
    public static Helper[] Take(int count)
    {
        var helpers = new Helper[count];
        for (var i = 0; i < count; i++) helpers[i] = s_idle.TryTake(out var helper) ? helper : new Helper();
        return helpers;
    }

    /// <summary>Starts a piece of work.</summary>
    /// <param name="work">Throws nothing.</param>
    public void Begin(Action work)
    {
        _work = work;
        _begun.Release();
    }

    /// <summary>Waits for it, and gives the helper back.</summary>
    public void End()
    {
        Wait(_ended);
        _work = () => { };
        s_idle.Add(this);
    }

    private void Run()
    {
        torch.set_num_threads(1);
        while (true)
        {
            Wait(_begun);
            _work();
            _ended.Release();
        }
    }

    private static void Wait(SemaphoreSlim semaphore)
    {
        var start = Stopwatch.GetTimestamp();
        while (semaphore.CurrentCount == 0 && Stopwatch.GetElapsedTime(start) < s_awake) Thread.SpinWait(10);
        semaphore.Wait();
    }
}
