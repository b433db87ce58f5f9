namespace NeuralStyle.Runtime.Files;

/// <summary>FIFOs, devices and sockets: they pass for files, but opening one may wait for ever, and reading one may never end.</summary>
internal static class SpecialFile
{
    private const int TypeMask = 0xf000, Regular = 0x8000, Folder = 0x4000; // of a file's mode

    /// <summary>Whether a path, its links followed, names something that is neither a file nor a folder. Opens nothing.</summary>
    public static bool Is(string path) =>
        Asked(() => FileStatus.Of(path) is { Mode: var mode } && (mode & TypeMask) is not Regular and not Folder);

    /// <summary>Whether only another user can replace a file, as in /tmp.</summary>
    public static bool IsAnothers(string path) => Asked(() => FileStatus.OthersKeep(path));

    private static bool Asked(Func<bool> question)
    {
        if (!OperatingSystem.IsLinux()) return false;
        try
        {
            return question();
        }
        catch (EntryPointNotFoundException)
        {
            return false;
        }
    }
}
