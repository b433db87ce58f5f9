using NeuralStyle.Runtime.Native;

namespace NeuralStyle.Runtime;

/// <summary>Everything that must happen once in a process before the first tensor.</summary>
public static class TorchRuntime
{
    private static readonly Lock Gate = new();
    private static bool s_initialized;

    /// <summary>
    /// Tunes the allocator, loads libtorch and sets the thread count. Safe to call many times and from any thread; only the first
    /// call acts.
    /// </summary>
    /// <param name="threads">CPU threads for tensor operations; null takes libtorch's own choice (one per physical core).</param>
    /// <exception cref="RunFailedException">libtorch cannot be loaded.</exception>
    /// <exception cref="InvalidInputException"><c>NST_LIBTORCH</c> names no folder with a libtorch that fits.</exception>
    public static void Initialize(int? threads = null)
    {
        lock (Gate)
        {
            if (s_initialized) return;
            NativeAllocator.Tune();
            NativeLibraries.LoadTorch(LibtorchContext.Folder);
            TorchSharp.torch.InitializeDeviceType(TorchSharp.DeviceType.CPU);
            if (threads is { } count) TorchSharp.torch.set_num_threads(count);
            s_initialized = true;
        }
    }
}
