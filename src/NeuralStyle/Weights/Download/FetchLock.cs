namespace NeuralStyle.Weights.Download;

/// <summary>
/// Keeps a second nst from fetching the same network into the same folder at the same time. Released when the process ends, in any way.
/// </summary>
internal sealed class FetchLock : IDisposable
{
    private readonly FileStream _file;

    /// <summary>Takes the lock.</summary>
    /// <exception cref="RunFailedException">Another process has it.</exception>
    public FetchLock(string folder, string name)
    {
        try
        {
            // The file stays: removing it would let a third process lock a new one while a second still holds the old.
            _file = new FileStream(Path.Combine(folder, $".{name}.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException failure)
        {
            throw new RunFailedException($"another nst is fetching {name} into '{folder}'; wait until it is done", failure);
        }
    }

    public void Dispose() => _file.Dispose();
}
