namespace NeuralStyle.Runtime.Files;

/// <summary>Writes a file under a temporary name in its own folder and renames it: never half a file, never a lost earlier one.</summary>
internal static class AtomicFile
{
    /// <summary>
    /// Lets <paramref name="write"/> fill a temporary file beside <paramref name="path"/>, then renames it to <paramref name="path"/>.
    /// </summary>
    /// <param name="path">The file to create or replace; its folder must exist.</param>
    /// <param name="write">Receives the temporary path, which ends with the extension of <paramref name="path"/>.</param>
    /// <param name="keep">Whether a file that is there when everything is written stays; this one then gets a free name.</param>
    /// <param name="rescue">Whether this one gets a free name too if the file that is there is in use, so that it cannot be
    /// replaced.</param>
    /// <returns><paramref name="path"/>, or the free name beside it.</returns>
    /// <exception cref="InvalidInputException">The folder does not exist or is not writable.</exception>
    /// <exception cref="RunFailedException">Writing failed, for instance because the disk is full.</exception>
    public static string Write(string path, Action<string> write, bool keep = false, bool rescue = false)
    {
        var full = Path.GetFullPath(path);
        var folder = FolderOf(path, full);
        var temporary = TemporaryName(full);
        try
        {
            write(temporary);
            if (!keep && Replacing.TryOver(temporary, full)) return path;
            if (!keep && !rescue) throw new IOException("another program has it open; close it there");
            return FreeName.Take(temporary, full) is var name && name != full ? Beside(path, name) : path;
        }
        catch (UnauthorizedAccessException failure)
        {
            throw new InvalidInputException($"cannot write '{path}': no permission in '{folder}'; choose another folder", failure);
        }
        catch (IOException failure)
        {
            throw new RunFailedException($"cannot write '{path}': {FileFailure.ReasonOf(failure)}", failure);
        }
        finally
        {
            try
            {
                File.Delete(temporary);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // the temporary file could not be created in the first place, or the folder is gone
            }
        }
    }

    /// <summary>
    /// Fails early when <see cref="Write"/> could not write a path: its folder is not there, or not writable, or the path is a FIFO or a
    /// device, which a rename would replace.
    /// </summary>
    /// <exception cref="InvalidInputException">The path cannot be written.</exception>
    public static void CheckFolder(string path)
    {
        var full = Path.GetFullPath(path);
        var folder = FolderOf(path, full);
        try
        {
            // a process killed in between leaves it, and RemoveLeftovers knows its name
            using var probe = new FileStream(TemporaryName(full), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1,
                FileOptions.DeleteOnClose);
        }
        catch (Exception failure) when (failure is UnauthorizedAccessException or IOException)
        {
            throw new InvalidInputException($"cannot write '{path}': the folder '{folder}' is not writable; choose another", failure);
        }
    }

    /// <summary>
    /// Deletes temporary files that killed processes left of <see cref="Write"/> to a path: for a large picture, gigabytes. Temporary files
    /// of other processes that live are left alone.
    /// </summary>
    /// <param name="path">The path that <see cref="Write"/> was or will be called with; not while this process writes it.</param>
    public static void RemoveLeftovers(string path)
    {
        var full = Path.GetFullPath(path);
        if (Path.GetDirectoryName(full) is not { } folder || !Directory.Exists(folder)) return;
        var (start, end) = ($".{Path.GetFileNameWithoutExtension(full)}.", $".tmp{Path.GetExtension(full)}");
        foreach (var file in Hidden(folder))
        {
            var name = Path.GetFileName(file);
            if (!name.StartsWith(start, StringComparison.Ordinal)
                || !name.EndsWith(end, StringComparison.Ordinal)
                || name.Length < start.Length + end.Length) continue;
            if (name[start.Length..^end.Length].Split('-') is not [var digits, { Length: 32 }] || !int.TryParse(digits, out var process))
                continue;
            // in containers, every process may have the same number
            if (process != Environment.ProcessId && FileOwner.Lives(process, file)) continue;
            try
            {
                File.Delete(file);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // another user's: it only takes up space
            }
        }
    }

    /// <summary>The folder of a path that can be replaced.</summary>
    private static string FolderOf(string path, string full)
    {
        var folder = Path.GetDirectoryName(full) ?? throw new InvalidInputException($"'{path}' is a folder; name a file");
        if (!Directory.Exists(folder))
            throw new InvalidInputException($"cannot write '{path}': the folder '{folder}' does not exist; create it first");
        if (SpecialFile.Is(full))
            throw new InvalidInputException(
                $"cannot write '{path}': it is a FIFO or a device and would be replaced by a file; name a file");
        if (SpecialFile.IsAnothers(full))
            throw new InvalidInputException(
                $"cannot write '{path}': the file is another user's, and only owners may replace files in this folder; name another");
        return folder;
    }

    /// <summary>The hidden files of a folder; none if it does not show them, for what was left there only takes up space.</summary>
    private static IReadOnlyList<string> Hidden(string folder)
    {
        try
        {
            return Directory.GetFiles(folder, ".*");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>A name in the folder of a path, in the way that the path was given.</summary>
    private static string Beside(string path, string name) => Path.Combine(Path.GetDirectoryName(path) ?? "", Path.GetFileName(name));

    private static string TemporaryName(string full) => Path.Combine(Path.GetDirectoryName(full)!,
        $".{Path.GetFileNameWithoutExtension(full)}.{Environment.ProcessId}-{Guid.NewGuid():N}.tmp{Path.GetExtension(full)}");
}
