using System.Runtime.InteropServices;

namespace NeuralStyle.Runtime.Native;

/// <summary>
/// Limits that the system sets to this process (<c>ulimit</c>). Below them nothing works, and what fails then names anything but the cause.
/// </summary>
internal static unsafe partial class ProcessLimits
{
    /// <summary>Files that a process needs to open at once: its own parts, native libraries, pictures.</summary>
    public const ulong LeastFiles = 128;

    /// <summary>Threads that .NET, libtorch and libvips start on a machine of few processors.</summary>
    public const int LeastThreads = 24;

    /// <summary>Address space in bytes that .NET, libtorch and libvips reserve; most of it is never used.</summary>
    public const ulong LeastAddressSpace = 7UL << 30;

    private static readonly int s_files = OperatingSystem.IsMacOS() ? 8 : 7; // RLIMIT_NOFILE
    private static readonly int s_processes = OperatingSystem.IsMacOS() ? 7 : 6; // RLIMIT_NPROC
    private static readonly int s_addressSpace = OperatingSystem.IsMacOS() ? 5 : 9; // RLIMIT_AS

    /// <summary>Files that may be open at once; null for no limit.</summary>
    public static ulong? Files => Of(s_files);

    /// <summary>Processes and threads that this user may have at once, in all programs; null for no limit.</summary>
    public static ulong? Processes => Of(s_processes);

    /// <summary>Bytes of address space; null for no limit.</summary>
    public static ulong? AddressSpace => Of(s_addressSpace);

    private static ulong? Of(int resource)
    {
        if (OperatingSystem.IsWindows()) return null;
        var limits = stackalloc ulong[2]; // soft, hard
        return getrlimit(resource, limits) == 0 && limits[0] < long.MaxValue ? limits[0] : null;
    }

    [LibraryImport("libc")]
    private static partial int getrlimit(int resource, ulong* limits);
}
