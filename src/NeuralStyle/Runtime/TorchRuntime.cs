using System.Globalization;
using NeuralStyle.Runtime.Native;

namespace NeuralStyle.Runtime;

/// <summary>Everything that must happen once in a process before the first tensor.</summary>
public static class TorchRuntime
{
    private static readonly Lock Gate = new();
    private static bool s_initialized;
    private static int s_threads;

    /// <summary>
    /// Whether every computation on the CPU gives the same bits on any number of threads: on Linux on Intel's processors with AVX2. On
    /// others many do, among them runs with zero or replicate padding and without masks.
    /// </summary>
    internal static bool SumsAreFixed => MathLibrary.FixesOrderOfSums;

    /// <summary>
    /// Tunes the allocator, loads libtorch and sets the thread count. Safe to call many times and from any thread; only the first
    /// call chooses. Every call gives the calling thread the number of threads chosen: libtorch keeps one for each thread.
    /// </summary>
    /// <param name="threads">CPU threads for tensor operations; null for libtorch's own choice (one per physical core).</param>
    /// <exception cref="RunFailedException">libtorch cannot be loaded.</exception>
    /// <exception cref="InvalidInputException"><c>NST_LIBTORCH</c> names no folder with a libtorch that fits.</exception>
    public static void Initialize(int? threads = null)
    {
        lock (Gate)
        {
            if (s_initialized)
            {
                // one that began while another shared out its work would have kept the number of that moment
                if (TorchSharp.torch.get_num_threads() != s_threads) TorchSharp.torch.set_num_threads(s_threads);
                return;
            }
            if (ProcessLimits.AddressSpace is { } space && space < ProcessLimits.LeastAddressSpace)
                throw new RunFailedException(string.Create(CultureInfo.InvariantCulture,
                    $"the address space of this process is limited to {space / (double)(1L << 30):0.##} GiB (ulimit -v); libtorch needs "
                        + $"{ProcessLimits.LeastAddressSpace >> 30} GiB or more, most of which it never uses; raise the limit: "
                        + $"ulimit -v unlimited"));
            NativeAllocator.Tune();
            MathLibrary.FixOrderOfSums();
            NativeLibraries.LoadTorch(LibtorchContext.Folder);
            TorchSharp.torch.InitializeDeviceType(TorchSharp.DeviceType.CPU);
            if (!ProcessorCaches.AreReported) LibtorchSwitches.TryOwnConvolutions();
            if (threads is { } count) TorchSharp.torch.set_num_threads(count);
            s_threads = TorchSharp.torch.get_num_threads();
            s_initialized = true;
        }
    }
}
