using System.ComponentModel;
using System.Diagnostics;

namespace NeuralStyle.Cli.Studio;

/// <summary>Opens pages in the user's browser.</summary>
internal static class BrowserOpener
{
    // what .NET starts for an address
    private static readonly string[] s_openers = ["xdg-open", "gnome-open", "kfmclient"];

    /// <summary>Whether there is a screen to show a browser on.</summary>
    public static bool HasScreen => !OperatingSystem.IsLinux()
        || ((string[])["DISPLAY", "WAYLAND_DISPLAY"]).Any(name => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name)));

    /// <summary>Whether a browser can be opened, as far as one can know before.</summary>
    public static bool IsThere => HasScreen && (!OperatingSystem.IsLinux() || s_openers.Any(IsInPath));

    /// <summary>Opens a page.</summary>
    /// <param name="address">The page.</param>
    /// <returns>Whether something was started.</returns>
    public static bool TryOpen(Uri address)
    {
        try
        {
            using var browser = Process.Start(new ProcessStartInfo(address.ToString()) { UseShellExecute = true });
            return true;
        }
        catch (Exception failure) when (failure is Win32Exception or InvalidOperationException or PlatformNotSupportedException)
        {
            return false;
        }
    }

    private static bool IsInPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, program)));
}
