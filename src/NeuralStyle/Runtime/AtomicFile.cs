namespace NeuralStyle.Runtime;

/// <summary>Writes a file under a temporary name in its own folder and renames it: never half a file, never a lost earlier one.</summary>
public static class AtomicFile
{
    /// <summary>Lets <paramref name="write"/> fill a temporary file beside <paramref name="path"/>, then renames it to <paramref name="path"/>.</summary>
    /// <param name="path">The file to create or replace; its folder must exist.</param>
    /// <param name="write">Receives the temporary path, which ends with the extension of <paramref name="path"/>.</param>
    /// <exception cref="InvalidInputException">The folder does not exist or is not writable.</exception>
    /// <exception cref="RunFailedException">Writing failed, for instance because the disk is full.</exception>
    public static void Write(string path, Action<string> write)
    {
        var full = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(full) ?? throw new InvalidInputException($"'{path}' is a folder; name a file");
        if (!Directory.Exists(folder)) throw new InvalidInputException($"cannot write '{path}': the folder '{folder}' does not exist; create it first");
        var temporary = Path.Combine(folder, $".{Path.GetFileNameWithoutExtension(full)}.{Environment.ProcessId}-{Guid.NewGuid():N}.tmp{Path.GetExtension(full)}");
        try
        {
            write(temporary);
            File.Move(temporary, full, overwrite: true);
        }
        catch (UnauthorizedAccessException failure)
        {
            throw new InvalidInputException($"cannot write '{path}': no permission in '{folder}'; choose another folder", failure);
        }
        catch (IOException failure)
        {
            throw new RunFailedException($"cannot write '{path}': {failure.Message.TrimEnd('.')}", failure);
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
}
