using TorchSharp;

namespace NeuralStyle.Runtime;

/// <summary>
/// Independent pieces of work of which libtorch computes each on one core, such as decompositions of small matrices, side by side.
/// </summary>
internal static class TorchParallel
{
    /// <summary>
    /// Does each piece on one thread, as many at a time as libtorch has threads. What a piece computes does not depend on that number.
    /// </summary>
    /// <param name="count">Number of pieces.</param>
    /// <param name="work">One piece, by its number; called from several threads. The longest should come first.</param>
    public static void For(int count, Action<int> work)
    {
        var threads = torch.get_num_threads();
        Alone(threads, () => PartLoop.Run(count, threads, work));
    }

    /// <summary>
    /// Does one piece on one thread: decompositions of LAPACK, which divide their sums by the number of threads, and gain little from more.
    /// </summary>
    public static T OnOneThread<T>(Func<T> work)
    {
        var result = default(T);
        Alone(torch.get_num_threads(), () => result = work());
        return result!;
    }

    private static void Alone(int threads, Action action)
    {
        if (threads > 1) torch.set_num_threads(1);
        try
        {
            action();
        }
        finally
        {
            if (threads > 1) torch.set_num_threads(threads);
        }
    }
}
