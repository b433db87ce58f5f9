using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace NeuralStyle.Runtime.Files;

/// <summary>FIFOs, devices and sockets: they pass for files, but opening one may wait for ever, and reading one may never end.</summary>
internal static unsafe partial class SpecialFile
{
    private const int CurrentFolder = -100, TypeAlone = 1; // AT_FDCWD, STATX_TYPE
    private const int Length = 256, ModeOffset = 28; // of struct statx, the same on every processor
    private const int TypeMask = 0xf000, Regular = 0x8000, Folder = 0x4000; // of its mode

    /// <summary>Whether a path, its links followed, names something that is neither a file nor a folder. Opens nothing.</summary>
    public static bool Is(string path)
    {
        if (!OperatingSystem.IsLinux()) return false;
        var status = stackalloc byte[Length];
        try
        {
            if (statx(CurrentFolder, path, 0, TypeAlone, status) != 0) return false;
        }
        catch (EntryPointNotFoundException)
        {
            return false; // a C library of before 2018
        }
        var mode = BinaryPrimitives.ReadUInt16LittleEndian(new ReadOnlySpan<byte>(status + ModeOffset, sizeof(ushort)));
        return (mode & TypeMask) is not Regular and not Folder;
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int folder, string path, int flags, uint mask, byte* status);
}
