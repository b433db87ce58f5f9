namespace NeuralStyle.Runtime.Files;

/// <summary>
/// What tells one file from every other, whatever path leads to it: links in any part of a path, mounts, names that a file system takes
/// for the same.
/// </summary>
internal static class FileIdentity
{
    /// <summary>Whether two paths lead to one file. A file that is not there yet is known by its folder and its name.</summary>
    public static bool Same(string a, string b) => Of(a) == Of(b);

    /// <summary>The identity of a file that is there; else the place where it would be.</summary>
    public static string Of(string path) => OfExisting(path) ?? Place(Resolve(path));

    /// <summary>
    /// Where a path stands: its folder's identity and its name. A link that the name itself may be is not followed: this is what a
    /// rename to the path replaces.
    /// </summary>
    public static string Place(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        return Path.GetDirectoryName(full) is not { } folder
            ? full
            : $"{OfExisting(folder) ?? Place(folder)}/{Path.GetFileName(full)}";
    }

    /// <summary>The path without symbolic links; the file need not be there.</summary>
    public static string Resolve(string path)
    {
        var full = Path.GetFullPath(path);
        var root = Path.GetPathRoot(full)!;
        var resolved = root;
        foreach (var part in full[root.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
            resolved = Follow(Path.Combine(resolved, part));
        return resolved;
    }

    /// <summary>The identity of what is there; null when nothing is.</summary>
    private static string? OfExisting(string path)
    {
        if (OperatingSystem.IsWindows() && WindowsFile.Identity(Path.GetFullPath(path)) is { } identity) return identity;
        if (!OperatingSystem.IsLinux()) return Path.Exists(path) ? Resolve(path).ToLowerInvariant() : null;
        try
        {
            return FileStatus.Of(path) is { } status ? $"{status.Device:x}:{status.Inode:x}" : null;
        }
        catch (EntryPointNotFoundException) // a C library older than statx
        {
            return Path.Exists(path) ? Resolve(path) : null;
        }
    }

    private static string Follow(string path)
    {
        try
        {
            var target = new FileInfo(path).LinkTarget is null ? null : File.ResolveLinkTarget(path, returnFinalTarget: true);
            return target is null ? path : Resolve(target.FullName); // the target's own folders may be links too
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return path; // a circle of links: opening the file will report it
        }
    }
}
