using System.Security.Cryptography;

namespace NeuralStyle.Cli.Jobs;

/// <summary>Whether two paths name one file, and what is in it.</summary>
internal static class FilePath
{
    /// <summary>Follows symbolic links in every part of both paths; the files need not exist.</summary>
    public static bool Same(string a, string b) =>
        string.Equals(Resolve(a), Resolve(b), OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);

    /// <summary>The path without symbolic links.</summary>
    public static string Resolve(string path)
    {
        var full = Path.GetFullPath(path);
        var root = Path.GetPathRoot(full)!;
        var resolved = root;
        foreach (var part in full[root.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
            resolved = Follow(Path.Combine(resolved, part));
        return resolved;
    }

    /// <summary>SHA-256 of a file's bytes, lower-case hexadecimal.</summary>
    public static string Sha256(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    private static string Follow(string path)
    {
        try
        {
            var target = new FileInfo(path).LinkTarget is null ? null : File.ResolveLinkTarget(path, returnFinalTarget: true);
            return target is null ? path : Resolve(target.FullName); // the target's own folders may be links too
        }
        catch (IOException)
        {
            return path; // a circle of links: opening the file will say so
        }
    }
}
