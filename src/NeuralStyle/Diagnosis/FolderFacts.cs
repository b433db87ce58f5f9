namespace NeuralStyle.Diagnosis;

/// <summary>A folder that nst writes to.</summary>
/// <param name="Purpose">What it is for.</param>
/// <param name="Path">The folder.</param>
/// <param name="IsThere">Whether it exists; if not, nst makes it when it needs it.</param>
/// <param name="IsWritable">Whether a file could be written there, or in the folder that it would be made in.</param>
/// <param name="Free">Bytes free on its disk; null if the system does not say.</param>
internal sealed record FolderFacts(string Purpose, string Path, bool IsThere, bool IsWritable, long? Free)
{
    /// <summary>Tries a folder, by a file that is gone when it is closed.</summary>
    public static FolderFacts Try(string purpose, string path)
    {
        var nearest = new DirectoryInfo(path);
        while (!nearest.Exists && nearest.Parent is { } parent) nearest = parent;
        return new FolderFacts(purpose, path, nearest.FullName == new DirectoryInfo(path).FullName, IsOpen(nearest.FullName),
            FreeOn(nearest.FullName));
    }

    private static bool IsOpen(string folder)
    {
        try
        {
            using var file = new FileStream(System.IO.Path.Combine(folder, $".nst-doctor-{Guid.NewGuid():N}"), new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                Options = FileOptions.DeleteOnClose,
            });
            file.WriteByte(0);
            file.Flush();
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static long? FreeOn(string folder)
    {
        try
        {
            return new DriveInfo(folder).AvailableFreeSpace;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
