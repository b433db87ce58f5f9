using DotNet.Globbing;

namespace NeuralStyle.Cli.Batch.Inputs;

/// <summary>
/// Patterns of file paths: <c>*</c> matches any characters within a name, <c>?</c> for one, <c>[ab]</c> for one of several, and
/// <c>**</c> as a whole name for any number of folders. Names that begin with a dot are only matched by names that do.
/// </summary>
internal sealed class PathPattern
{
    private static readonly GlobOptions s_options = new() { Evaluation = { CaseInsensitive = OperatingSystem.IsWindows() } };

    private readonly Glob _glob;
    private readonly IReadOnlyList<Glob> _hidden; // those of the names that begin with a dot

    /// <param name="text">What the user wrote.</param>
    public PathPattern(string text)
    {
        var names = text.Replace('\\', Path.DirectorySeparatorChar).Split(Path.DirectorySeparatorChar, '/');
        var plain = names.TakeWhile(name => !IsPattern(name)).Count();
        Folder = string.Join(Path.DirectorySeparatorChar, names[..plain]);
        if (plain > 0 && Folder.Length == 0) Folder = Path.DirectorySeparatorChar.ToString(); // the pattern began with the root
        Depth = names.Length - plain;
        _glob = Glob.Parse(string.Join('/', names[plain..]), s_options);
        _hidden = names[plain..].Where(IsHidden).Select(name => Glob.Parse(name, s_options)).ToArray();
    }

    /// <summary>The folder to search: the names before the first with a wildcard; empty for none.</summary>
    public string Folder { get; }

    /// <summary>Number of names below the folder.</summary>
    public int Depth { get; }

    /// <summary>Whether a text is a pattern rather than a plain path.</summary>
    public static bool IsPattern(string text) => text.AsSpan().IndexOfAny('*', '?') >= 0;

    /// <summary>Whether a path below the folder matches.</summary>
    public bool Matches(string path)
    {
        var names = path.Split(Path.DirectorySeparatorChar, '/');
        return names.Where(IsHidden).All(name => _hidden.Any(hidden => hidden.IsMatch(name))) && _glob.IsMatch(string.Join('/', names));
    }

    private static bool IsHidden(string name) => name.StartsWith('.');
}
