using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace NeuralStyle.Runtime.Files;

/// <summary>
/// What Windows says of a file or folder without reading it: by it, short names (<c>PHOTOG~1.JPG</c>) and hard links are known.
/// </summary>
internal static unsafe partial class WindowsFile
{
    private const int StatusBytes = 52, VolumeAt = 28, IndexAt = 44; // of BY_HANDLE_FILE_INFORMATION
    private const uint ShareAll = 7, OpenExisting = 3, FoldersToo = 0x02000000; // FILE_FLAG_BACKUP_SEMANTICS

    /// <summary>Its volume and its number there; null if nothing is there or it cannot be opened.</summary>
    public static string? Identity(string path)
    {
        using var handle = CreateFile(path, 0, ShareAll, 0, OpenExisting, FoldersToo, 0);
        var status = stackalloc byte[StatusBytes];
        if (handle.IsInvalid || GetFileInformationByHandle(handle, status) == 0) return null;
        var bytes = new ReadOnlySpan<byte>(status, StatusBytes);
        var (volume, index) = (BinaryPrimitives.ReadUInt32LittleEndian(bytes[VolumeAt..]),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[IndexAt..]));
        return index == 0 ? null : $"{volume:x}:{index:x}"; // some network drives have no numbers
    }

    [LibraryImport("kernel32", EntryPoint = "CreateFileW", StringMarshalling = StringMarshalling.Utf16)]
    private static partial SafeFileHandle CreateFile(string path, uint access, uint share, nint security, uint creation, uint flags,
        nint template);

    [LibraryImport("kernel32")]
    private static partial int GetFileInformationByHandle(SafeFileHandle handle, byte* status);
}
