using NeuralStyle.Runtime.Files;

namespace NeuralStyle.Cli.Pages;

/// <summary>Checks before the run whether a report can be written.</summary>
internal static class ReportPath
{
    /// <summary>Checks name and folder.</summary>
    /// <param name="path">The page.</param>
    /// <param name="toBeMade">A folder that need not exist yet; null for none.</param>
    /// <exception cref="InvalidInputException">The path is not a page, is a folder, or cannot be written.</exception>
    public static void Check(string path, string? toBeMade = null)
    {
        if (Path.GetExtension(path).ToLowerInvariant() is not (".html" or ".htm"))
            throw new InvalidInputException($"--report '{path}' is not the name of a page; expected .html");
        if (Directory.Exists(path)) throw new InvalidInputException($"--report '{path}' is a folder; name a file");
        if (toBeMade is not null
            && !Directory.Exists(toBeMade)
            && Path.GetDirectoryName(Path.GetFullPath(path)) == Path.TrimEndingDirectorySeparator(Path.GetFullPath(toBeMade))) return;
        AtomicFile.CheckFolder(path);
    }
}
