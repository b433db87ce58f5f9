using NeuralStyle.Runtime.Files;

namespace NeuralStyle.Cli.Pages;

/// <summary>Whether a report can be written where it is asked for: found out before the run.</summary>
internal static class ReportPath
{
    /// <summary>Checks name and folder.</summary>
    /// <param name="path">The page.</param>
    /// <param name="toBeMade">A folder that need not be there yet; null for none.</param>
    /// <exception cref="InvalidInputException">No name of a page, a folder, or a place that cannot be written to.</exception>
    public static void Check(string path, string? toBeMade = null)
    {
        if (Path.GetExtension(path).ToLowerInvariant() is not (".html" or ".htm"))
            throw new InvalidInputException($"--report '{path}' is no name of a page; expected .html");
        if (Directory.Exists(path)) throw new InvalidInputException($"--report '{path}' is a folder; name a file");
        if (toBeMade is not null
            && !Directory.Exists(toBeMade)
            && Path.GetDirectoryName(Path.GetFullPath(path)) == Path.TrimEndingDirectorySeparator(Path.GetFullPath(toBeMade))) return;
        AtomicFile.CheckFolder(path);
    }
}
