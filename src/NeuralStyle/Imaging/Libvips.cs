using NetVips;

namespace NeuralStyle.Imaging;

/// <summary>
/// How this process uses libvips. Whatever calls libvips asks for <see cref="Prepare"/> first, and nothing else does: loading it takes
/// longer than <c>nst --help</c>.
/// </summary>
internal static class Libvips
{
    // Without a static constructor of its own, the class might be set up earlier than it is needed.
    static Libvips()
    {
        Cache.Max = 0; // files may change between two calls, and memory that a picture lies over may be freed: nothing is answered from before
        // GLib would print them to stderr, where users are told one line: what is fatal comes as an exception, with its reason.
        Log.SetLogHandler("VIPS", Enums.LogLevelFlags.Warning | Enums.LogLevelFlags.Message | Enums.LogLevelFlags.Info | Enums.LogLevelFlags.Debug, (_, _, _) => { });
    }

    /// <summary>Sets libvips up, once.</summary>
    public static void Prepare()
    {
        // the static constructor has run
    }
}
