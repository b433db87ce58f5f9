using NetVips;

namespace NeuralStyle.Imaging;

/// <summary>
/// How this process uses libvips. All code that calls libvips calls <see cref="Prepare"/> first, and no other code does: loading it takes
/// longer than <c>nst --help</c>.
/// </summary>
internal static class Libvips
{
    /// <summary>
    /// The loaders that may read files. All others are blocked in libvips itself: they read further files (SVG) or have no bounds (CSV, .v,
    /// matrices).
    /// </summary>
    internal static readonly string[] Loaders = ["VipsForeignLoadJpeg", "VipsForeignLoadPng", "VipsForeignLoadWebp", "VipsForeignLoadTiff",
        "VipsForeignLoadHeif", "VipsForeignLoadNsgif"];

    // Without a static constructor, the class might be initialised before it is needed.
    static Libvips()
    {
        Cache.Max = 0; // no cached results: files may change between two calls, and memory that a picture uses may be freed
        Operation.Block("VipsForeignLoad", true);
        foreach (var loader in Loaders) Operation.Block(loader, false);
        MuteGlib();
    }

    /// <summary>Sets libvips up, once.</summary>
    public static void Prepare()
    {
        // the static constructor has run
    }

    /// <summary>
    /// Keeps GLib and everything built on it from printing to stderr, where users get one line. A failure comes as an exception, with its
    /// reason.
    /// </summary>
    private static void MuteGlib()
    {
        const Enums.LogLevelFlags all = Enums.LogLevelFlags.Critical | Enums.LogLevelFlags.Warning | Enums.LogLevelFlags.Message
            | Enums.LogLevelFlags.Info | Enums.LogLevelFlags.Debug;
        foreach (var domain in (string[])["VIPS", "GLib", "GLib-GObject", "GLib-GIO", "GModule", "libheif"])
            Log.SetLogHandler(domain, all, (_, _, _) => { });
    }
}
