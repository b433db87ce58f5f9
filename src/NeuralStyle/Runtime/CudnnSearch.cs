using System.Runtime.InteropServices;

namespace NeuralStyle.Runtime;

/// <summary>
/// cuDNN's search for the fastest algorithm of each convolution, PyTorch's <c>torch.backends.cudnn.benchmark</c>. TorchSharp 0.107.0 has no
/// switch for it; libtorch's own, <c>at::globalContext().setBenchmarkCuDNN</c>, is called under the names that compilers give it.
/// </summary>
internal static unsafe class CudnnSearch
{
    private sealed record Names(string Library, string Context, string Set, string Get);

    private static readonly Names s_linux = new("libtorch_cpu.so", "_ZN2at13globalContextEv", "_ZN2at7Context17setBenchmarkCuDNNEb",
        "_ZNK2at7Context14benchmarkCuDNNEv");
    private static readonly Names s_windows = new("torch_cpu.dll", "?globalContext@at@@YAAEAVContext@1@XZ",
        "?setBenchmarkCuDNN@Context@at@@QEAAX_N@Z", "?benchmarkCuDNN@Context@at@@QEBA_NXZ");

    /// <summary>Turns it on or off. For the whole process, and without effect on the CPU.</summary>
    /// <returns>Whether this libtorch has the switch.</returns>
    public static bool TrySet(bool on)
    {
        if (Find(names => names.Set) is not var (context, set)) return false;
        ((delegate* unmanaged[Cdecl]<nint, byte, void>)set)(context, on ? (byte)1 : (byte)0);
        return true;
    }

    /// <summary>Whether it is on; null if this libtorch does not say.</summary>
    public static bool? Get() =>
        Find(names => names.Get) is var (context, get) ? ((delegate* unmanaged[Cdecl]<nint, byte>)get)(context) != 0 : null;

    /// <summary>libtorch's global settings, and a member function of them.</summary>
    private static (nint Context, nint Member)? Find(Func<Names, string> member)
    {
        var names = OperatingSystem.IsLinux() ? s_linux : OperatingSystem.IsWindows() ? s_windows : null;
        if (names is null || !NativeLibrary.TryLoad(names.Library, out var library) // the one that is loaded already, by its name
            || !NativeLibrary.TryGetExport(library, names.Context, out var global)
                || !NativeLibrary.TryGetExport(library, member(names), out var found)) return null;
        return (((delegate* unmanaged[Cdecl]<nint>)global)(), found);
    }
}
