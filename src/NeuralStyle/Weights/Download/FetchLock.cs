using NeuralStyle.Runtime.Files;

namespace NeuralStyle.Weights.Download;

/// <summary>
/// Keeps a second nst from fetching the same network into the same folder at once. Ends with the process, however it ends; its file goes
/// when the work is done.
/// </summary>
internal sealed class FetchLock : IDisposable
{
    private readonly string _path;
    private readonly FileStream _file;

    /// <summary>Takes the lock.</summary>
    /// <exception cref="RunFailedException">Another process has it.</exception>
    /// <exception cref="InvalidInputException">The folder cannot be written to.</exception>
    public FetchLock(string folder, string name)
    {
        _path = Path.Combine(folder, $".{name}.lock");
        try
        {
            do
            {
                _file?.Dispose();
                _file = new FileStream(_path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            while (!IsOurs()); // the one that was opened was being removed by its owner
        }
        catch (IOException failure) when (IsTaken(failure))
        {
            throw new RunFailedException($"another nst is fetching {name} into '{folder}'; wait until it is done", failure);
        }
        catch (IOException failure) when (!FullDisk.Caused(failure))
        {
            throw new InvalidInputException(
                $"cannot write to the folder '{folder}': {FileFailure.ReasonOf(failure)}; choose another by --to", failure);
        }
    }

    public void Dispose()
    {
        if (!OperatingSystem.IsWindows()) File.Delete(_path); // while it is held; whoever has opened it meanwhile sees that it is gone
        _file.Dispose();
        if (OperatingSystem.IsWindows()) TryDelete();
    }

    /// <summary>Whether the file of that name is the one that we hold: a time that we give to one is that of the other.</summary>
    private bool IsOurs()
    {
        var mark = new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(Random.Shared.Next());
        File.SetLastWriteTimeUtc(_file.SafeFileHandle, mark);
        return OperatingSystem.IsWindows() || (File.Exists(_path) && File.GetLastWriteTimeUtc(_path) == mark);
    }

    private static bool IsTaken(IOException failure) => OperatingSystem.IsWindows()
        ? (failure.HResult & 0xffff) is 32 or 33 // ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION
        : failure.HResult is 11 or 35 || failure.GetType() == typeof(IOException) && failure.Message.Contains("another process",
            StringComparison.Ordinal); // EWOULDBLOCK of Linux and macOS

    private void TryDelete()
    {
        try
        {
            File.Delete(_path);
        }
        catch (IOException)
        {
            // another process has it by now
        }
    }
}
