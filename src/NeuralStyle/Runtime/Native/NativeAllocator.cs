using System.Runtime.InteropServices;

namespace NeuralStyle.Runtime.Native;

/// <summary>
/// Configures what glibc's allocator does with freed memory, and makes libtorch use huge pages. A pass through the network
/// allocates and frees the same sizes again and again, so freed memory is kept there; otherwise the kernel zeroes fresh pages for every
/// activation of every iteration. Whole pictures live from iteration to iteration, at hundreds of megabytes each; they go
/// straight back to the system, because among the activations of tiles they would leave holes that nothing fits into.
/// </summary>
internal static partial class NativeAllocator
{
    private const int TrimThreshold = -1, TopPad = -2, MmapThreshold = -3, MmapMax = -4; // M_… of <malloc.h>
    private const int Large = 32 << 20; // blocks of at least this many bytes are mapped separately; the largest value that glibc allows
    private const int UsualMmapMax = 1 << 16;

    private const int Pad = 256 << 20; // bytes that the heap grows by; addresses, which only take memory once they are used
    private const int HugePages = 14; // MADV_HUGEPAGE of <sys/mman.h>
    private const long HugePage = 2 << 20;

    private const double NearlyAll = 0.95; // of the limit of the process: the next tile may leave new holes

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
            mallopt(TopPad, Pad);
            GrowInHugePages();
            NativeEnvironment.Set("OMP_WAIT_POLICY", "passive", overwrite: false);
            NativeEnvironment.Set("THP_MEM_ALLOC_ENABLE", "1", overwrite: true);
            s_tuned = true;
        }
        catch (EntryPointNotFoundException)
        {
            // another C library than glibc (musl): its allocator has no such switches
        }
    }

    /// <summary>
    /// Lets the heap grow once, and asks for huge pages there: libtorch allocates some 50 MB in small blocks while it loads, and as many
    /// pages of 4 KiB would take 0.2 s.
    /// </summary>
    private static unsafe void GrowInHugePages()
    {
        NativeMemory.Free(NativeMemory.Alloc(1 << 20)); // more than what is left of the first heap: it is enlarged, by the pad too
        var end = (long)sbrk(0);
        var start = (end - Pad + HugePage - 1) / HugePage * HugePage;
        madvise((void*)start, (nuint)(end - start), HugePages); // where the kernel has none, pages stay small
    }

    /// <summary>
    /// Until this is disposed, all allocations count as part of a pass, however large. For the whole process; may be nested.
    /// </summary>
    public static IDisposable Pass() => new Region();

    /// <summary>
    /// Allocates memory that outlives the current pass: separately if it is large, so that it leaves no hole among the activations.
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

    /// <summary>Until it is disposed of, <see cref="Relieve"/> keeps the process below the sum of its runs' limits.</summary>
    /// <param name="bytes">Limit of resident memory of one more run.</param>
    public static IDisposable KeepBelow(long bytes) => new KeptBelow(bytes);

    /// <summary>
    /// To be called between two tiles: if the process is at its limit, returns the pages of freed memory to the system, also those between
    /// blocks in use. Before glibc 2.38 a freed block is seldom reused for the next aligned one of its size, and the holes add up to twice
    /// the memory in use. Returning pages after every tile would cost a tenth of the time.
    /// </summary>
    public static void Relieve()
    {
        var bound = Interlocked.Read(ref s_bound);
        if (s_tuned && bound > 0 && Environment.WorkingSet > NearlyAll * bound) malloc_trim(0);
    }

    /// <summary>Sum of the limits of all runs in this process; 0 if there are none.</summary>
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

    [LibraryImport("libc")]
    private static unsafe partial void* sbrk(nint increment);

    [LibraryImport("libc")]
    private static unsafe partial int madvise(void* address, nuint length, int advice);
}
