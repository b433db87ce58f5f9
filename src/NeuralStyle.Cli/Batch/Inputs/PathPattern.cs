using System.IO.Enumeration;

namespace NeuralStyle.Cli.Batch.Inputs;

/// <summary>
/// Patterns of file paths: <c>*</c> stands for any characters within a name, <c>?</c> for one, and <c>**</c> as a whole name for
/// any number of folders. Names that begin with a dot are only matched by patterns that do.
/// </summary>
internal static class PathPattern
{
    /// <summary>Whether a text is a pattern rather than a plain path.</summary>
    public static bool IsPattern(string text) => text.AsSpan().IndexOfAny('*', '?') >= 0;

    /// <summary>The folder in front of the first name with a wildcard, empty for none, and the names from there on.</summary>
    public static (string Folder, IReadOnlyList<string> Names) Split(string pattern)
    {
        var names = pattern.Replace('\\', Path.DirectorySeparatorChar).Split(Path.DirectorySeparatorChar, '/');
        var plain = names.TakeWhile(name => !IsPattern(name)).Count();
        var folder = string.Join(Path.DirectorySeparatorChar, names[..plain]);
        if (plain > 0 && folder.Length == 0) folder = Path.DirectorySeparatorChar.ToString(); // the pattern began with the root
        return (folder, names[plain..]);
    }

    /// <summary>Whether the names of a path, below the pattern's folder, match the pattern's names.</summary>
    public static bool Matches(ReadOnlySpan<string> pattern, ReadOnlySpan<string> path)
    {
        if (pattern.IsEmpty) return path.IsEmpty;
        if (pattern[0] == "**")
        {
            for (var skipped = 0; skipped <= path.Length; skipped++)
            {
                if (Matches(pattern[1..], path[skipped..])) return true;
                if (skipped < path.Length && IsHidden(path[skipped])) return false;
            }
            return false;
        }
        return !path.IsEmpty && MatchesName(pattern[0], path[0]) && Matches(pattern[1..], path[1..]);
    }

    private static bool MatchesName(string pattern, string name) =>
        (pattern.StartsWith('.') || !IsHidden(name)) && FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: OperatingSystem.IsWindows());

    private static bool IsHidden(string name) => name.StartsWith('.');
}
