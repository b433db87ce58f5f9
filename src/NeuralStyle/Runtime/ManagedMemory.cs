using System.Runtime;

namespace NeuralStyle.Runtime;

/// <summary>
/// Keeps the garbage collector away from an iteration, and collects after it.
/// </summary>
/// <remarks>
/// Two reasons. An iteration leaves thousands of handles of a few bytes each. By default the collector runs when they have filled the
/// processor's cache, after tens of megabytes; native buffers allocated in between are then scattered, and resident memory
/// grew by a fifth in 200 iterations. And TorchSharp hands libtorch the address of a number (<c>Scalar</c>) that the collector
/// may free while libtorch reads it, when another thread, such as that of a progress display, sets off a collection just then:
/// seen once in many runs of the tests. Costs well under a millisecond.
/// </remarks>
internal static class ManagedMemory
{
    private const long Room = 32 << 20; // bytes that an iteration may allocate before the collector runs all the same

    /// <summary>
    /// Until this is disposed, nothing is collected, unless more is allocated than an iteration needs; then only short-lived objects are.
    /// </summary>
    public static IDisposable Undisturbed() => new Region();

    /// <summary>Returns to the system the memory that was used to read files: twice the size of the weights.</summary>
    public static void Compact() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);

    private sealed class Region : IDisposable
    {
        private readonly bool _entered = Enter();

        public void Dispose()
        {
            if (_entered && GCSettings.LatencyMode == GCLatencyMode.NoGCRegion)
            {
                try
                {
                    GC.EndNoGCRegion();
                }
                catch (InvalidOperationException)
                {
                    // it ended early: more was allocated than it had room for
                }
            }
            GC.Collect(1, GCCollectionMode.Forced, blocking: true);
        }

        private static bool Enter()
        {
            try
            {
                return GC.TryStartNoGCRegion(Room, disallowFullBlockingGC: true);
            }
            catch (InvalidOperationException)
            {
                return false; // another run of this process is in one
            }
        }
    }
}
