using NeuralStyle.Runtime.Files;

namespace NeuralStyle.Cli.Jobs;

/// <summary>The hash of a file.</summary>
internal static class FilePath
{
    /// <summary>SHA-256 of a file's bytes, lower-case hexadecimal.</summary>
    public static string Sha256(string path)
    {
        using var file = File.OpenRead(path);
        return Hashes.Sha256(file);
    }
}
