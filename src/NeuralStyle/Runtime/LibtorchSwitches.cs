using System.Runtime.InteropServices;

namespace NeuralStyle.Runtime;

/// <summary>
/// Which algorithms libtorch takes for convolutions: PyTorch's <c>torch.backends.cudnn.benchmark</c> and <c>.deterministic</c> on CUDA,
/// <c>.mkldnn</c> and <c>.nnpack</c> on the CPU. TorchSharp 0.107.0 has no switch for them; libtorch's own, members of
/// <c>at::globalContext()</c>, are called under the names that compilers give them. They apply to the whole process.
/// </summary>
internal static unsafe class LibtorchSwitches
{
    private sealed record Names(string Library, string Context, string SetSearch, string Searches, string SetRepeating, string Repeats,
        string SetOneDnn, string SetNnpack);

    private static readonly Names s_linux = new("libtorch_cpu.so", "_ZN2at13globalContextEv", "_ZN2at7Context17setBenchmarkCuDNNEb",
        "_ZNK2at7Context14benchmarkCuDNNEv", "_ZN2at7Context21setDeterministicCuDNNEb",
        "_ZNK2at7Context18deterministicCuDNNEv", "_ZN2at7Context20setUserEnabledMkldnnEb",
        "_ZN2at7Context20setUserEnabledNNPACKEb");
    private static readonly Names s_windows = new("torch_cpu.dll", "?globalContext@at@@YAAEAVContext@1@XZ",
        "?setBenchmarkCuDNN@Context@at@@QEAAX_N@Z", "?benchmarkCuDNN@Context@at@@QEBA_NXZ",
        "?setDeterministicCuDNN@Context@at@@QEAAX_N@Z", "?deterministicCuDNN@Context@at@@QEBA_NXZ",
        "?setUserEnabledMkldnn@Context@at@@QEAAX_N@Z", "?setUserEnabledNNPACK@Context@at@@QEAAX_N@Z");

    /// <summary>Leaves convolutions on the CPU to libtorch's own loops and MKL, instead of oneDNN and NNPACK.</summary>
    /// <returns>Whether this libtorch has the switches.</returns>
    public static bool TryOwnConvolutions() => TrySet(names => names.SetOneDnn, false) && TrySet(names => names.SetNnpack, false);

    /// <summary>Lets cuDNN try its algorithms at each new size and take the fastest, or not.</summary>
    /// <returns>Whether this libtorch has the switch.</returns>
    public static bool TrySearch(bool on) => TrySet(names => names.SetSearch, on);

    /// <summary>Whether cuDNN tries; null if this libtorch does not say.</summary>
    public static bool? Searches() => Get(names => names.Searches);

    /// <summary>Allows only algorithms of cuDNN whose results repeat, or all.</summary>
    /// <returns>Whether this libtorch has the switch.</returns>
    public static bool TryRepeat(bool on) => TrySet(names => names.SetRepeating, on);

    /// <summary>Whether cuDNN's results repeat; null if this libtorch does not say.</summary>
    public static bool? Repeats() => Get(names => names.Repeats);

    private static bool TrySet(Func<Names, string> member, bool on)
    {
        if (Find(member) is not var (context, set)) return false;
        ((delegate* unmanaged[Cdecl]<nint, byte, void>)set)(context, on ? (byte)1 : (byte)0);
        return true;
    }

    private static bool? Get(Func<Names, string> member) =>
        Find(member) is var (context, get) ? ((delegate* unmanaged[Cdecl]<nint, byte>)get)(context) != 0 : null;

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
