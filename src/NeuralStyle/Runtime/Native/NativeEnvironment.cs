using System.Runtime.InteropServices;

namespace NeuralStyle.Runtime.Native;

/// <summary>Variables that native libraries read when they are loaded: .NET's own setter does not reach native code. Linux.</summary>
internal static partial class NativeEnvironment
{
    /// <summary>Sets a variable.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value.</param>
    /// <param name="overwrite">Whether a value that the user has set is replaced.</param>
    public static void Set(string name, string value, bool overwrite) => _ = setenv(name, value, overwrite ? 1 : 0);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int setenv(string name, string value, int overwrite);
}
