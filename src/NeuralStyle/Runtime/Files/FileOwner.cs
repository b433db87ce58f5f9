using System.ComponentModel;
using System.Diagnostics;

namespace NeuralStyle.Runtime.Files;

/// <summary>Tells whether the process that began a file still lives, or another one has its number now.</summary>
internal static class FileOwner
{
    /// <summary>Whether a process of this number lives that is old enough to have written the file.</summary>
    public static bool Lives(int id, string file)
    {
        try
        {
            if (OperatingSystem.IsLinux() && IsDead(File.ReadAllText($"/proc/{id}/stat"))) return false;
            using var process = Process.GetProcessById(id);
            return process.StartTime.ToUniversalTime() <= File.GetLastWriteTimeUtc(file).AddSeconds(2); // start times are not told to the second
        }
        catch (Exception failure) when (failure is ArgumentException or InvalidOperationException or FileNotFoundException or DirectoryNotFoundException)
        {
            return false; // there is no such process
        }
        catch (Exception failure) when (failure is Win32Exception or UnauthorizedAccessException or IOException)
        {
            return true; // another user's, of which the system tells nothing
        }
    }

    /// <summary>A killed process stays in the table until its parent asks for it.</summary>
    private static bool IsDead(string stat) => stat[(stat.LastIndexOf(')') + 2)..][0] is 'Z' or 'X';
}
