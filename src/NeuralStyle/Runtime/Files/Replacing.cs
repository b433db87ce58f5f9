namespace NeuralStyle.Runtime.Files;

/// <summary>Renames a file over another.</summary>
/// <remarks>
/// Windows refuses it while another program has that file open: a viewer, as long as it shows the picture; a virus scanner or an indexer,
/// for a moment. So it is tried again for two seconds.
/// </remarks>
internal static class Replacing
{
    private const int AccessDenied = 5, SharingViolation = 32, LockViolation = 33; // of Windows, in the lower half of an HResult

    private static readonly int[] s_waits = [20, 50, 100, 200, 400, 600, 700]; // milliseconds

    /// <summary>Renames.</summary>
    /// <param name="from">The new file.</param>
    /// <param name="to">Its name, which another file may have.</param>
    /// <returns>Whether it has the name now; false if that file is in use.</returns>
    /// <exception cref="IOException">Renaming failed for another reason.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written.</exception>
    public static bool TryOver(string from, string to)
    {
        if (OperatingSystem.IsWindows()) return TryOver(() => File.Move(from, to, overwrite: true), () => File.Exists(to), Thread.Sleep);
        File.Move(from, to, overwrite: true);
        return true;
    }

    /// <summary>The same as on Windows, with the system's calls for tests.</summary>
    internal static bool TryOver(Action rename, Func<bool> isThere, Action<int> wait)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                rename();
                return true;
            }
            catch (Exception failure) when (IsInUse(failure) && isThere())
            {
                if (attempt == s_waits.Length) return false;
                wait(s_waits[attempt]);
            }
        }
    }

    private static bool IsInUse(Exception failure) => failure is IOException or UnauthorizedAccessException
        && (failure.HResult & 0xffff) is AccessDenied or SharingViolation or LockViolation;
}
