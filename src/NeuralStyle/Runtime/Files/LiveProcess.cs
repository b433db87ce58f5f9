using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace NeuralStyle.Runtime.Files;

/// <summary>
/// A live process: the one place that says whether a process number is in use. Numbers are reused, so its start time counts too.
/// </summary>
/// <param name="Mark">Its exact start time in the system's own units; null if the system does not say.</param>
/// <param name="Started">Its start time, UTC, to about a second; null if the system does not say.</param>
internal sealed record LiveProcess(string? Mark, DateTime? Started)
{
    /// <summary>The process with a number; null if there is none, or if it is a zombie.</summary>
    public static LiveProcess? Find(int id)
    {
        try
        {
            var stat = OperatingSystem.IsLinux() ? StatOf(id) : null;
            if (stat is ["Z" or "X", ..]) return null;
            using var process = Process.GetProcessById(id);
            var started = process.StartTime.ToUniversalTime();
            return new LiveProcess(stat is null ? started.Ticks.ToString(CultureInfo.InvariantCulture) : stat[19], started);
        }
        catch (Exception failure) when (failure is ArgumentException or InvalidOperationException)
        {
            return null; // there is no such process
        }
        catch (Exception failure) when (failure is Win32Exception or UnauthorizedAccessException or IOException)
        {
            return new LiveProcess(null, null); // another user's: the system gives no details
        }
    }

    /// <summary>
    /// The fields of a process in /proc from the third, its state, on; null when it is not there, or hidden from other users.
    /// </summary>
    private static string[]? StatOf(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
