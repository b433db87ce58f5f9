using NeuralStyle.Runtime.Files;

namespace NeuralStyle.Weights;

/// <summary>The folder where fetched networks are installed, one <c>NAME.npz</c> each.</summary>
internal static class WeightsCache
{
    private const string Extension = ".npz";

    // In order of preference if several are installed: the deepest network first.
    private static readonly string[] Preference = ["vgg19", "vgg16"];

    /// <summary>
    /// <c>$XDG_DATA_HOME/nst/weights</c> or <c>~/.local/share/nst/weights</c>; on Windows <c>%LOCALAPPDATA%\nst\weights</c>.
    /// The data folder, not the cache folder: a download of minutes should survive a cleaning of caches.
    /// </summary>
    public static string DefaultFolder =>
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
            "nst", "weights");

    /// <summary>The installed files, by name.</summary>
    public static IReadOnlyList<string> Installed(string folder) =>
        Directory.Exists(folder)
            ? FolderList.Of(folder, name => Directory.EnumerateFiles(name, "*" + Extension))
                .Where(file => Path.GetFileName(file)[0] != '.')
                .Order(StringComparer.Ordinal)
                .ToArray()
            : [];

    /// <summary>The file of an installed network; null when it is not there.</summary>
    public static string? Find(string folder, string name) =>
        Path.Combine(folder, name + Extension) is var path && File.Exists(path) ? path : null;

    /// <summary>The network for runs that name none; null if none is installed.</summary>
    public static string? Preferred(string folder) =>
        Preference.Select(name => Find(folder, name)).FirstOrDefault(path => path is not null) ?? Installed(folder).FirstOrDefault();
}
