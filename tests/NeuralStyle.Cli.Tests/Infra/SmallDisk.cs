using System.Diagnostics;

namespace NeuralStyle.Cli.Tests.Infra;

/// <summary>A file system in memory that is soon full.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _folder;

    private SmallDisk(string folder) => _folder = folder;

    /// <summary>Null where mounting is not allowed.</summary>
    public static SmallDisk? TryMount(string folder, int kilobytes)
    {
        Directory.CreateDirectory(folder);
        return Succeeds("mount", "-t", "tmpfs", "-o", $"size={kilobytes}k", "tmpfs", folder) ? new SmallDisk(folder) : null;
    }

    public void Dispose() => Succeeds("umount", _folder);

    private static bool Succeeds(string program, params string[] args)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, args) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
