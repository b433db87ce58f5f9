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

    private static readonly Lock s_gate = new();
    private static int s_inside; // regions that are open, on all threads

    /// <summary>
    /// Until it is disposed of, nothing is collected, unless more is allocated than an iteration does; then what is short-lived is. Several
    /// threads may be in one: the last to leave collects, when none of them is within a native call.
    /// </summary>
    public static IDisposable Undisturbed() => new Region();

    /// <summary>
    /// Gives back to the system what reading files has left behind: as much as the weights twice over. Not while another run works.
    /// </summary>
    public static void Compact()
    {
        lock (s_gate)
        {
            if (s_inside == 0) GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }
    }

    private sealed class Region : IDisposable
    {
        public Region()
        {
            lock (s_gate)
            {
                if (s_inside++ == 0) Enter();
            }
        }

        public void Dispose()
        {
            lock (s_gate) // whoever enters now waits until all is collected
            {
                if (--s_inside > 0) return;
                Leave();
                GC.Collect(1, GCCollectionMode.Forced, blocking: true);
            }
        }

        private static void Enter()
        {
            try
            {
                GC.TryStartNoGCRegion(Room, disallowFullBlockingGC: true);
            }
            catch (InvalidOperationException)
            {
                // whoever uses the library is in a region of his own
            }
        }

        private static void Leave()
        {
            if (GCSettings.LatencyMode != GCLatencyMode.NoGCRegion) return;
            try
            {
                GC.EndNoGCRegion();
            }
            catch (InvalidOperationException)
            {
                // it ended by itself: more was allocated than there was room for
            }
        }
    }
}
