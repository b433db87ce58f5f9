using System.Runtime.InteropServices;

namespace NeuralStyle.Runtime.Native;

/// <summary>
/// Whether standard input, output and error were open when this process began. The runtime puts files and pipes of its own under the
/// numbers of closed ones: reading such an input never ends, and what is written to such an output is lost in the runtime.
/// </summary>
internal static partial class InheritedStream
{
    public const int Input = 0, Output = 1, Error = 2;

    private const int GetFlags = 1, ClosedOnStart = 1; // F_GETFD, FD_CLOEXEC: the runtime's own have it, inherited ones cannot

    /// <summary>Whether it was closed.</summary>
    /// <param name="descriptor">Its number.</param>
    public static bool IsClosed(int descriptor) =>
        !OperatingSystem.IsWindows() && fcntl(descriptor, GetFlags) is var flags && (flags < 0 || (flags & ClosedOnStart) != 0);

    [LibraryImport("libc")]
    private static partial int fcntl(int descriptor, int command);
}
