using System.Runtime.InteropServices;

namespace NeuralStyle.Runtime.Native;

/// <summary>
/// Tells glibc's allocator what to do with memory that is freed, and libtorch to ask for huge pages. A pass through the network
/// allocates and frees the same sizes again and again: there freed memory is kept, else the kernel zeroes fresh pages for every
/// activation of every iteration. Whole pictures live from iteration to iteration, and at hundreds of megabytes each they go
/// straight back to the system: kept among the activations of tiles, they leave holes that nothing fits into.
/// </summary>
internal static partial class NativeAllocator
{
    private const int TrimThreshold = -1, TopPad = -2, MmapThreshold = -3, MmapMax = -4; // M_… of <malloc.h>
    private const int Large = 32 << 20; // bytes from which a block lies apart; glibc allows no more
    private const int UsualMmapMax = 1 << 16;

    private const double NearlyAll = 0.95; // of what the process was to take: the next tile may leave new holes

    private static long s_bound; // 0 where no run has one
    private static int s_passes;
    private static bool s_tuned;

    /// <summary>Must run before libtorch loads.</summary>
    public static void Tune()
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            mallopt(MmapThreshold, Large);
            mallopt(TrimThreshold, -1);
            mallopt(TopPad, 256 << 20);
            setenv("OMP_WAIT_POLICY", "passive", 0);
            setenv("THP_MEM_ALLOC_ENABLE", "1", 1); // Environment.SetEnvironmentVariable does not reach native code
            s_tuned = true;
        }
        catch (EntryPointNotFoundException)
        {
            // another C library than glibc (musl): its allocator has no such switches
        }
    }

    /// <summary>
    /// Until it is disposed of, what is allocated is thought of as a part of a pass, however large. For the whole process; may be nested.
    /// </summary>
    public static IDisposable Pass() => new Region();

    /// <summary>
    /// Allocates what outlives a pass from within one: apart where it is large, so that it leaves no hole among the activations.
    /// </summary>
    public static T Apart<T>(Func<T> allocate)
    {
        if (!s_tuned) return allocate();
        mallopt(MmapMax, UsualMmapMax);
        try
        {
            return allocate();
        }
        finally
        {
            if (Volatile.Read(ref s_passes) > 0) mallopt(MmapMax, 0);
        }
    }

    /// <summary>Until it is disposed of, <see cref="Relieve"/> keeps the process below what its runs were to take together.</summary>
    /// <param name="bytes">Resident memory that one more run was to take.</param>
    public static IDisposable KeepBelow(long bytes) => new KeptBelow(bytes);

    /// <summary>
    /// Between two tiles: where the process holds as much as it was to take, gives back the pages of freed memory, also those between what
    /// is in use. Before glibc 2.38 a freed block seldom serves the next aligned one of its size, and the holes add up to twice what is in
    /// use; giving back after every tile would cost a tenth of the time.
    /// </summary>
    public static void Relieve()
    {
        var bound = Interlocked.Read(ref s_bound);
        if (s_tuned && bound > 0 && Environment.WorkingSet > NearlyAll * bound) malloc_trim(0);
    }

    /// <summary>What the runs in this process were to take together; 0 when none runs.</summary>
    internal static long Bound => Interlocked.Read(ref s_bound);

    private sealed class KeptBelow : IDisposable
    {
        private readonly long _bytes;

        public KeptBelow(long bytes) => Interlocked.Add(ref s_bound, _bytes = bytes);

        public void Dispose() => Interlocked.Add(ref s_bound, -_bytes);
    }

    private sealed class Region : IDisposable
    {
        public Region()
        {
            if (Interlocked.Increment(ref s_passes) == 1 && s_tuned) mallopt(MmapMax, 0);
        }

        public void Dispose()
        {
            if (Interlocked.Decrement(ref s_passes) == 0 && s_tuned) mallopt(MmapMax, UsualMmapMax);
        }
    }

    [LibraryImport("libc")]
    private static partial int mallopt(int parameter, int value);

    [LibraryImport("libc")]
    private static partial int malloc_trim(nuint pad);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int setenv(string name, string value, int overwrite);
}
