using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace NeuralStyle.Runtime.Native;

/// <summary>What the libtorch in this process tells about itself.</summary>
internal static class LoadedLibtorch
{
    private static readonly string[] s_names = ["libtorch_cpu.so", "torch_cpu.dll", "libtorch_cpu.dylib"];
    private static readonly string[] s_cuda = ["libtorch_cuda.so", "torch_cuda.dll"];

    /// <summary>The library's file; null if none is loaded, or it is neither listed nor beside the program.</summary>
    public static string? Path() => Listed() ?? (OperatingSystem.IsMacOS() ? Beside() : null);

    /// <summary>What macOS does not list: the library that the program brings.</summary>
    private static string? Beside() =>
        Directory.EnumerateFiles(AppContext.BaseDirectory, "libtorch_cpu.dylib", SearchOption.AllDirectories).FirstOrDefault();

    private static string? Listed()
    {
        try
        {
            using var process = Process.GetCurrentProcess();
            return process.Modules.Cast<ProcessModule>().FirstOrDefault(module => s_names.Contains(module.ModuleName))?.FileName;
        }
        catch (Exception failure) when (failure is Win32Exception or InvalidOperationException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>The version of a library that is loaded; null if it does not tell.</summary>
    /// <param name="path">Its file.</param>
    public static string? Version(string? path) =>
        path is not null && NativeLibrary.TryLoad(path, out var library) ? Version(library) : null;

    /// <summary>Whether a library's folder holds the operators for CUDA too.</summary>
    /// <param name="path">Its file.</param>
    public static bool HasCuda(string? path) =>
        System.IO.Path.GetDirectoryName(path) is { } folder && s_cuda.Any(name => File.Exists(System.IO.Path.Combine(folder, name)));

    /// <summary>The version that a libtorch_cpu reports; null for old ones, which have no function for it.</summary>
    /// <param name="library">Its handle.</param>
    public static string? Version(nint library)
    {
        if (!NativeLibrary.TryGetExport(library, "aoti_torch_abi_version", out var address)) return null;
        var packed = Marshal.GetDelegateForFunctionPointer<AbiVersion>(address)(); // a byte each of major, minor and patch, from the top
        return string.Create(CultureInfo.InvariantCulture, $"{packed >> 56}.{(packed >> 48) & 0xff}.{(packed >> 40) & 0xff}");
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate ulong AbiVersion();
}
