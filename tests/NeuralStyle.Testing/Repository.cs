namespace NeuralStyle.Testing;

/// <summary>The checkout that the tests were built from.</summary>
internal static class Repository
{
    private static readonly string[] s_notOurs = ["bin", "obj", ".git", "TestResults"];

    /// <summary>The folder of NeuralStyle.sln.</summary>
    public static string Root { get; } = Find();

    /// <summary>A file of the repository.</summary>
    public static string File(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>The files below some folders of the repository, without build outputs, in order of their names.</summary>
    public static IReadOnlyList<string> Files(string pattern, params string[] folders) => folders
        .SelectMany(folder => Directory.EnumerateFiles(File(folder), pattern, SearchOption.AllDirectories))
        .Where(path => !Relative(path).Split('/').Any(s_notOurs.Contains))
        .Order(StringComparer.Ordinal)
        .ToArray();

    /// <summary>The path of a file as messages name it: from the root, with slashes.</summary>
    public static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    private static string Find()
    {
        var folder = AppContext.BaseDirectory;
        while (!System.IO.File.Exists(Path.Combine(folder, "NeuralStyle.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("the tests are not in the repository");
        return folder;
    }
}
