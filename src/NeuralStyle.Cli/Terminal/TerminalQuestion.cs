using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace NeuralStyle.Cli.Terminal;

/// <summary>Asks the terminal itself, past redirected streams, and waits a moment for its answer.</summary>
internal static class TerminalQuestion
{
    private const string Terminal = "/dev/tty";
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(600);

    /// <summary>The answer; null if the terminal cannot be asked, or does not answer.</summary>
    public static string? Ask(string question, char end)
    {
        if (OperatingSystem.IsWindows() || !File.Exists(Terminal)) return null;
        try
        {
            if (Stty("-g") is not { Length: > 0 } settings) return null;
            try
            {
                if (Stty("-icanon -echo min 0 time 1") is null) return null; // a read ends after a tenth of a second without input
                using var terminal = new FileStream(Terminal, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
                terminal.Write(Encoding.ASCII.GetBytes(question));
                return Read(terminal, end);
            }
            finally
            {
                _ = Stty(settings);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or Win32Exception or NotSupportedException)
        {
            return null; // no terminal, or no stty: pictures are shown as characters
        }
    }

    private static string? Read(FileStream terminal, char end)
    {
        var answer = new StringBuilder();
        var buffer = new byte[64];
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < Longest;)
        {
            var count = terminal.Read(buffer);
            answer.Append(Encoding.Latin1.GetString(buffer, 0, count));
            if (answer.Length > 0 && answer[^1] == end) return answer.ToString();
        }
        return null;
    }

    /// <summary>The output of stty; null if it fails.</summary>
    private static string? Stty(string arguments)
    {
        // All streams redirected: .NET would otherwise change the terminal's settings itself when the child ends.
        using var stty = Process.Start(new ProcessStartInfo("sh", ["-c", $"exec stty {arguments} < {Terminal}"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = stty.StandardOutput.ReadToEnd();
        stty.WaitForExit();
        return stty.ExitCode == 0 ? output.Trim() : null;
    }
}
