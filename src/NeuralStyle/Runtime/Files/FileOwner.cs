namespace NeuralStyle.Runtime.Files;

/// <summary>Whether the process that began a file still lives, or another one has its number now.</summary>
internal static class FileOwner
{
    private const double Tolerance = 2; // seconds: start times are not exact

    /// <summary>Whether a process of this number lives that is old enough to have written the file.</summary>
    public static bool Lives(int id, string file) => LiveProcess.Find(id) is { } process
        && (process.Started is null || process.Started <= File.GetLastWriteTimeUtc(file).AddSeconds(Tolerance));
}
