using System.Runtime.CompilerServices;

namespace NeuralStyle.Tests.Infra;

/// <summary>
/// Reference data that some machines have beside the repository. Tests that need it are skipped visibly where it is absent.
/// </summary>
internal static class SharedData
{
    public static string RepositoryRoot { get; } = FindRoot();

    public static string Path(params string[] parts) => System.IO.Path.Combine([RepositoryRoot, "..", "shared", .. parts]);

    /// <summary>Skips the calling test when the file or folder is not there.</summary>
    public static string Require(params string[] parts)
    {
        var path = Path(parts);
        Assert.SkipUnless(File.Exists(path) || Directory.Exists(path), $"{string.Join('/', parts)} is not on this machine");
        return path;
    }

    private static string FindRoot([CallerFilePath] string here = "")
    {
        var folder = System.IO.Path.GetDirectoryName(here)!;
        while (!File.Exists(System.IO.Path.Combine(folder, "NeuralStyle.sln"))) folder = System.IO.Path.GetDirectoryName(folder)!;
        return folder;
    }
}
