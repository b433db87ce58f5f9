using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace NeuralStyle.Runtime.Files;

/// <summary>What Linux says of a file without opening it. All links of the path are followed.</summary>
/// <param name="Mode">Its type and its permissions.</param>
/// <param name="Inode">Its number on its device.</param>
/// <param name="Device">The device, major and minor number.</param>
/// <param name="Owner">The user whose file it is.</param>
internal readonly unsafe partial record struct FileStatus(ushort Mode, ulong Inode, ulong Device, uint Owner)
{
    // struct statx has one layout on every architecture
    private const int StatusBytes = 256, OwnerAt = 20, ModeAt = 28, InodeAt = 32, DeviceAt = 136;
    private const int CurrentFolder = -100; // AT_FDCWD
    private const uint Wanted = 0x10b; // STATX_TYPE, STATX_MODE, STATX_UID, STATX_INO
    private const int OnlyOwnersReplace = 0x200; // of a folder's mode

    /// <summary>Asks.</summary>
    /// <returns>Null when nothing is there.</returns>
    /// <exception cref="EntryPointNotFoundException">The C library is older than statx, of 2018.</exception>
    public static FileStatus? Of(string path)
    {
        var status = stackalloc byte[StatusBytes];
        if (statx(CurrentFolder, path, 0, Wanted, status) != 0) return null;
        var bytes = new ReadOnlySpan<byte>(status, StatusBytes);
        return new FileStatus(BinaryPrimitives.ReadUInt16LittleEndian(bytes[ModeAt..]),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[InodeAt..]), BinaryPrimitives.ReadUInt64LittleEndian(bytes[DeviceAt..]),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[OwnerAt..]));
    }

    /// <summary>
    /// Whether a file is another user's in a folder such as /tmp, where only its owner and the folder's may replace it.
    /// </summary>
    /// <exception cref="EntryPointNotFoundException">The C library is older than statx, of 2018.</exception>
    public static bool OthersKeep(string path)
    {
        var me = geteuid();
        return me != 0 && Of(path) is { } file && file.Owner != me && Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder
            && Of(folder) is { } around && around.Owner != me && (around.Mode & OnlyOwnersReplace) != 0;
    }

    [LibraryImport("libc")]
    private static partial uint geteuid();

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int folder, string path, int flags, uint mask, byte* status);
}
