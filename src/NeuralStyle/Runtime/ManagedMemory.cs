namespace NeuralStyle.Runtime;

/// <summary>Keeps the managed heap from growing while the large memory is elsewhere.</summary>
internal static class ManagedMemory
{
    /// <summary>
    /// Collects the short-lived objects of one iteration. An iteration leaves thousands of handles of a few bytes; left alone, the
    /// collector runs when they have filled the processor's cache, tens of megabytes later, and the native buffers that were
    /// allocated meanwhile lie scattered: resident memory crept up by a fifth in 200 iterations. Costs well under a
    /// millisecond.
    /// </summary>
    public static void CollectShortLived() => GC.Collect(1, GCCollectionMode.Forced, blocking: true);
}
