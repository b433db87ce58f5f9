using System.Runtime.InteropServices;

namespace NeuralStyle.Benchmarks.Speed;

/// <summary>Loads libtorch as a program does that sets nothing: the allocator, the threads and everything else as they come.</summary>
internal static class NativeStart
{
    public static void Plain()
    {
        // An earlier start of ours has repaired the library where that was needed, so that it loads from here as it is.
        var native = Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", "libLibTorchSharp.so");
        if (File.Exists(native)) NativeLibrary.Load(native);
    }
}
