namespace NeuralStyle.Runtime.Files;

/// <summary>Whether the process that started a file is still alive, or its number now belongs to another one.</summary>
internal static class FileOwner
{
    private const double Tolerance = 2; // seconds: start times are not exact

    /// <summary>Whether a process with this number is alive and old enough to have written the file.</summary>
    public static bool Lives(int id, string file) => LiveProcess.Find(id) is { } process
        && (process.Started is null || process.Started <= File.GetLastWriteTimeUtc(file).AddSeconds(Tolerance));
}
