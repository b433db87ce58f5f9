namespace NeuralStyle.Runtime.Files;

/// <summary>FIFOs, devices and sockets: they pass for files, but opening one may wait for ever, and reading one may never end.</summary>
internal static class SpecialFile
{
    private const int TypeMask = 0xf000, Regular = 0x8000, Folder = 0x4000; // of a file's mode

    /// <summary>Whether a path, its links followed, names something that is neither a file nor a folder. Opens nothing.</summary>
    public static bool Is(string path)
    {
        if (!OperatingSystem.IsLinux()) return false;
        try
        {
            return FileStatus.Of(path) is { Mode: var mode } && (mode & TypeMask) is not Regular and not Folder;
        }
        catch (EntryPointNotFoundException)
        {
            return false;
        }
    }
}
