using NeuralStyle.Runs;
using NeuralStyle.Runtime.Files;

namespace NeuralStyle.Cli.Jobs;

/// <summary>
/// A path that a record names. Records come from anyone: a path may name a device, a FIFO that nobody writes to, or nothing.
/// </summary>
internal static class RecordedFile
{
    /// <summary>Whether a path names a file that can be opened without harm.</summary>
    public static bool IsThere(string path) => IsPath(path) && File.Exists(path) && !SpecialFile.Is(path);

    /// <summary>Whether a text can be a path at all.</summary>
    public static bool IsPath(string path) => path.Length > 0 && !path.Contains('\0', StringComparison.Ordinal);

    /// <summary>The file's name alone; empty where it has none.</summary>
    public static string NameOf(InputFile file) => IsPath(file.Path) ? Path.GetFileName(file.Path) : "";
}
