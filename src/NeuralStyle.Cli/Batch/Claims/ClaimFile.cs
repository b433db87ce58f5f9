using System.Globalization;
using NeuralStyle.Runs.Checkpoints;
using NeuralStyle.Runtime.Files;

namespace NeuralStyle.Cli.Batch.Claims;

/// <summary>
/// The file that marks an output as in progress. It is created exclusively, which is atomic on local file systems and on NFS
/// since version 3. It is next to the output, so that creating it also refreshes the NFS client's cache of the folder.
/// Its first line is the owner, its second a count that the owner's heartbeat increases.
/// </summary>
internal static class ClaimFile
{
    /// <summary>
    /// The claim on an output. A later generation overrides an earlier one whose owner died. No process removes a claim of another one
    /// before it holds the newest, so two processes that find the same dead claim cannot both take it over.
    /// </summary>
    public static string PathOf(string output, int generation) => Path.Combine(Path.GetDirectoryName(output) ?? "",
        string.Create(CultureInfo.InvariantCulture, $".{Path.GetFileName(output)}.claim{(generation == 0 ? "" : "-" + generation)}"));

    /// <summary>The file where the owner of a claim saves the state of its run, for itself or for the next owner.</summary>
    public static string CheckpointOf(string output) =>
        Path.Combine(Path.GetDirectoryName(output) ?? "", $".{Path.GetFileName(output)}{CheckpointSettings.Extension}");

    /// <summary>Creates the file; false if it already exists.</summary>
    /// <exception cref="RunFailedException">The folder is not writable or does not exist.</exception>
    public static bool TryCreate(string path)
    {
        try
        {
            FileStream file;
            try
            {
                file = Open(path, FileMode.CreateNew);
            }
            catch (IOException) when (File.Exists(path))
            {
                return false;
            }
            using (file) WriteNew(file, path);
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new RunFailedException($"cannot claim '{path}': {FileFailure.ReasonOf(failure)}", failure);
        }
    }

    /// <summary>Fills a claim that was just made. Without its text, for instance on a full disk, it would look like another's.</summary>
    private static void WriteNew(FileStream file, string path)
    {
        try
        {
            file.Write(Text(0));
        }
        catch (IOException)
        {
            File.Delete(path);
            throw;
        }
    }

    /// <summary>Increases the count of this process's claim; false if the claim is gone or belongs to another process.</summary>
    public static bool TryBeat(string path, long count)
    {
        if (!IsMine(path)) return false;
        using var file = Open(path, FileMode.Open);
        file.Write(Text(count));
        return true;
    }

    /// <summary>Whether the file exists and names this process.</summary>
    public static bool IsMine(string path) => TryRead(path) is { } text && OwnerOf(text) == ProcessIdentity.Current;

    /// <summary>The file's text; null if there is no file.</summary>
    public static string? TryRead(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(file);
            return reader.ReadToEnd();
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>The owner of the claim; null if its text has not been written yet.</summary>
    public static ProcessIdentity? OwnerOf(string text) => ProcessIdentity.TryParse(text.Split('\n')[0]);

    private static byte[] Text(long count) =>
        // always of the same length: written in place
        System.Text.Encoding.UTF8.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"{ProcessIdentity.Current.ToJson()}\n{count:D12}\n"));

    /// <summary>Shared with all: .NET would otherwise take a lock, which not every NFS supports.</summary>
    private static FileStream Open(string path, FileMode mode) =>
        new(path, mode, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
}
