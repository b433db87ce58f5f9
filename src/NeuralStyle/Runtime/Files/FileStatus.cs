using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace NeuralStyle.Runtime.Files;

/// <summary>What Linux says of a file without opening it. All links of the path are followed.</summary>
/// <param name="Mode">Its type and its permissions.</param>
/// <param name="Inode">Its number on its device.</param>
/// <param name="Device">The device, major and minor number.</param>
internal readonly unsafe partial record struct FileStatus(ushort Mode, ulong Inode, ulong Device)
{
    // struct statx has one layout on every architecture
    private const int StatusBytes = 256, ModeAt = 28, InodeAt = 32, DeviceAt = 136;
    private const int CurrentFolder = -100; // AT_FDCWD
    private const uint TypeAndInode = 0x101; // STATX_TYPE, STATX_INO

    /// <summary>Asks.</summary>
    /// <returns>Null when nothing is there.</returns>
    /// <exception cref="EntryPointNotFoundException">The C library is older than statx, of 2018.</exception>
    public static FileStatus? Of(string path)
    {
        var status = stackalloc byte[StatusBytes];
        if (statx(CurrentFolder, path, 0, TypeAndInode, status) != 0) return null;
        var bytes = new ReadOnlySpan<byte>(status, StatusBytes);
        return new FileStatus(BinaryPrimitives.ReadUInt16LittleEndian(bytes[ModeAt..]),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[InodeAt..]), BinaryPrimitives.ReadUInt64LittleEndian(bytes[DeviceAt..]));
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int folder, string path, int flags, uint mask, byte* status);
}
