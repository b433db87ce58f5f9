using System.Collections.Concurrent;
using TorchSharp;

namespace NeuralStyle.Runtime;

/// <summary>
/// A thread on which libtorch computes alone, kept for the next piece of work: libtorch's number of threads belongs to the thread that
/// sets it, and would stay with those of a pool; and MKL does not free what it allocated for a thread that ended.
/// </summary>
internal sealed class TorchHelper
{
    private static readonly ConcurrentBag<TorchHelper> Idle = [];

    private readonly SemaphoreSlim _begun = new(0), _ended = new(0);
    private Action _work = () => { };

    private TorchHelper() => new Thread(Run) { IsBackground = true, Name = "nst losses" }.Start();

    /// <summary>Takes some helpers, which come back by <see cref="End"/>.</summary>
    public static TorchHelper[] Take(int count) =>
        Enumerable.Range(0, count).Select(_ => Idle.TryTake(out var helper) ? helper : new TorchHelper()).ToArray();

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
        _ended.Wait();
        _work = () => { };
        Idle.Add(this);
    }

    private void Run()
    {
        torch.set_num_threads(1);
        while (true)
        {
            _begun.Wait();
            _work();
            _ended.Release();
        }
    }
}
