using System.Runtime.ExceptionServices;

namespace NeuralStyle.Runtime;

/// <summary>Parts of a computation, done on several threads; each writes to memory of its own, so that their order is free.</summary>
internal static class PartLoop
{
    /// <summary>
    /// Computes each part once. Threads take one part after the other: parts are few, and .NET's own loop gives out several at a time, so
    /// that a thread is left with them while others wait.
    /// </summary>
    /// <param name="count">Number of parts. The longest should come first.</param>
    /// <param name="threads">At most so many at a time.</param>
    /// <param name="part">One part, by its number; called from several threads.</param>
    public static void Run(int count, int threads, Action<int> part)
    {
        if (threads == 1 || count < 2)
        {
            for (var i = 0; i < count; i++) part(i);
            return;
        }
        var next = -1;
        Exception? failure = null;
        var helpers = Helper.Take(Math.Min(threads, count) - 1);
        foreach (var helper in helpers) helper.Begin(Work);
        Work();
        foreach (var helper in helpers) helper.End();
        if (failure is not null) ExceptionDispatchInfo.Throw(failure);

        void Work()
        {
            try
            {
                for (var i = Interlocked.Increment(ref next); i < count; i = Interlocked.Increment(ref next)) part(i);
            }
            catch (Exception caught)
            {
                Interlocked.CompareExchange(ref failure, caught, null);
                Volatile.Write(ref next, count);
            }
        }
    }
}
