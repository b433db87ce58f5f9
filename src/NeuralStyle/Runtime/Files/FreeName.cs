using System.Globalization;
using System.Runtime.InteropServices;

namespace NeuralStyle.Runtime.Files;

/// <summary>Renames a file without ever replacing another, not even one that appears at the last moment.</summary>
internal static partial class FreeName
{
    private const int Most = 10_000; // numbers tried

    /// <summary>
    /// Renames to a name or, where there is a file of that name, to the first free one of <c>out-2.png</c>, <c>out-3.png</c>, ….
    /// </summary>
    /// <param name="from">The file, in the folder of <paramref name="to"/>.</param>
    /// <param name="to">The name wanted.</param>
    /// <returns>The name that the file has now.</returns>
    /// <exception cref="IOException">Renaming failed.</exception>
    public static string Take(string from, string to)
    {
        for (var number = 1; number <= Most; number++)
        {
            var name = number == 1 ? to : Numbered(to, number);
            if (TryRename(from, name)) return name;
        }
        throw new IOException("no free name is left");
    }

    private static string Numbered(string path, int number) => Path.Combine(Path.GetDirectoryName(path) ?? "",
        string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileNameWithoutExtension(path)}-{number}{Path.GetExtension(path)}"));

    private static bool TryRename(string from, string to)
    {
        if (Path.Exists(to) || new FileInfo(to).LinkTarget is not null) return false;
        try
        {
            // .NET looks first and renames then; link(2) does both at once
            if (!OperatingSystem.IsWindows() && link(from, to) == 0) File.Delete(from);
            else File.Move(from, to, overwrite: false); // Windows does it at once; some file systems know no links
            return true;
        }
        catch (IOException) when (Path.Exists(to) && File.Exists(from))
        {
            return false;
        }
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int link(string from, string to);
}
