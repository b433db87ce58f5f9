using System.Runtime.InteropServices;

namespace NeuralStyle.Runtime;

/// <summary>
/// Tells glibc's allocator to keep freed memory and libtorch to ask for huge pages. Without this the kernel zeroes fresh pages
/// for every activation of every iteration. Must run before libtorch loads.
/// </summary>
internal static partial class NativeAllocator
{
    private const int TrimThreshold = -1, TopPad = -2, MmapMax = -4; // M_TRIM_THRESHOLD, M_TOP_PAD, M_MMAP_MAX of <malloc.h>

    public static void Tune()
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            mallopt(MmapMax, 0);
            mallopt(TrimThreshold, -1);
            mallopt(TopPad, 256 << 20);
            setenv("OMP_WAIT_POLICY", "passive", 0);
            setenv("THP_MEM_ALLOC_ENABLE", "1", 1); // Environment.SetEnvironmentVariable does not reach native code
        }
        catch (EntryPointNotFoundException)
        {
            // another C library than glibc (musl): its allocator has no such switches
        }
    }

    [LibraryImport("libc")]
    private static partial int mallopt(int parameter, int value);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int setenv(string name, string value, int overwrite);
}
