namespace NeuralStyle.Runtime.Files;

/// <summary>Tells a disk, or a share of one, that is full from everything else that can go wrong with a file.</summary>
internal static class FullDisk
{
    private static readonly int[] s_codes = OperatingSystem.IsWindows() ? [112, 39] // ERROR_DISK_FULL, ERROR_HANDLE_DISK_FULL
        : OperatingSystem.IsMacOS() ? [28, 69] : [28, 122]; // ENOSPC, EDQUOT

    /// <summary>Whether a failure, or what led to it, is that.</summary>
    public static bool Caused(Exception? failure) =>
        failure is not null && ((failure is IOException && s_codes.Contains(failure.HResult & 0xffff)) || Caused(failure.InnerException));
}
