using System.ComponentModel;
using System.Diagnostics;

namespace NeuralStyle.Cli.Studio;

/// <summary>Opens pages in the user's browser.</summary>
internal static class BrowserOpener
{
    private const string OnLinux = "xdg-open";

    /// <summary>Whether there is a screen to show a browser on.</summary>
    public static bool HasScreen => !OperatingSystem.IsLinux()
        || ((string[])["DISPLAY", "WAYLAND_DISPLAY"]).Any(name => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name)));

    /// <summary>Whether a browser can be opened, as far as one can know before.</summary>
    public static bool IsThere => HasScreen && (!OperatingSystem.IsLinux() || IsInPath(OnLinux));

    /// <summary>Opens a page.</summary>
    /// <param name="address">The page.</param>
    /// <param name="failed">Called, perhaps later, if no browser could be opened.</param>
    public static void Open(Uri address, Action failed)
    {
        try
        {
            if (OperatingSystem.IsLinux()) OpenOnLinux(address, failed);
            else Process.Start(new ProcessStartInfo(address.ToString()) { UseShellExecute = true })?.Dispose();
        }
        catch (Exception failure) when (failure is Win32Exception or InvalidOperationException or PlatformNotSupportedException)
        {
            failed();
        }
    }

    /// <summary>
    /// In a session of its own: Ctrl-C ends the studio, not the browser, and what the browser writes stays out of the terminal.
    /// </summary>
    private static void OpenOnLinux(Uri address, Action failed)
    {
        var browser = new Process
        {
            StartInfo = new ProcessStartInfo("sh",
                ["-c", $"exec setsid {OnLinux} \"$0\" >/dev/null 2>&1 </dev/null", address.ToString()]),
            EnableRaisingEvents = true,
        };
        browser.Exited += (_, _) =>
        {
            if (browser.ExitCode != 0) failed();
            browser.Dispose();
        };
        browser.Start();
    }

    private static bool IsInPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, program)));
}
