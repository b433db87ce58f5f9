namespace NeuralStyle.Runtime;

/// <summary>Parts of a computation, done on several threads; each writes to memory of its own, so that their order is free.</summary>
internal static class PartLoop
{
    /// <summary>Computes each part once.</summary>
    /// <param name="count">Number of parts.</param>
    /// <param name="threads">At most so many at a time.</param>
    /// <param name="part">One part, by its number.</param>
    public static void Run(int count, int threads, Action<int> part) =>
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = threads }, part);
}
