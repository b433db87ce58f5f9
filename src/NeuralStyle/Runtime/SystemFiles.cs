namespace NeuralStyle.Runtime;

/// <summary>Files by which Linux tells about itself. Any of them may be missing or closed to this user.</summary>
internal static class SystemFiles
{
    /// <summary>The lines of a file; none if it cannot be read.</summary>
    public static IReadOnlyList<string> Lines(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllLines(path) : [];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>The first line of a file, without spaces around it; null if there is none.</summary>
    public static string? Line(string path) => Lines(path) is [var line, ..] ? line.Trim() : null;
}
