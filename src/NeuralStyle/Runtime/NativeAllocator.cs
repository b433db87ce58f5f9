using System.Runtime.InteropServices;

namespace NeuralStyle.Runtime;

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

    /// <summary>Until it is disposed of, what is allocated is thought of as a part of a pass, however large. For the whole process; may be nested.</summary>
    public static IDisposable Pass() => new Region();

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

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int setenv(string name, string value, int overwrite);
}
