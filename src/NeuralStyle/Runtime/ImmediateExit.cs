using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace NeuralStyle.Runtime;

/// <summary>
/// Ends the program at once. <see cref="Environment.Exit"/> would run the destructors of libtorch and libvips while other threads still
/// compute in them, which ends in a segmentation fault as often as not.
/// </summary>
internal static partial class ImmediateExit
{
    /// <summary>Does not return.</summary>
    /// <param name="code">What the shell sees.</param>
    /// <param name="lastLine">Written to stderr by the system itself, where .NET may not be able to any more; null for none.</param>
    public static void With(int code, string? lastLine = null)
    {
        if (OperatingSystem.IsWindows())
        {
            TerminateProcess(-1, (uint)code); // -1: this process
            return;
        }
        if (lastLine is not null)
        {
            var bytes = Encoding.UTF8.GetBytes(lastLine + "\n");
            _ = write(StandardError, bytes, bytes.Length);
        }
        RemoveDiagnostics();
        _exit(code);
    }

    /// <summary>What .NET keeps in the temporary folder for debuggers, and would remove at an orderly end.</summary>
    private static void RemoveDiagnostics()
    {
        try
        {
            var folder = Path.GetTempPath();
            foreach (var pattern in (string[])[$"dotnet-diagnostic-{Environment.ProcessId}-*", $"clr-debug-pipe-{Environment.ProcessId}-*"])
            {
                foreach (var file in Directory.EnumerateFiles(folder, pattern)) File.Delete(file);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Debug.WriteLine(failure.Message); // a few empty files stay
        }
    }

    private const int StandardError = 2;

    [LibraryImport("libc")]
    private static partial nint write(int file, byte[] bytes, nint count);

    [LibraryImport("libc")]
    private static partial void _exit(int code);

    [LibraryImport("kernel32")]
    private static partial int TerminateProcess(nint process, uint code);
}
