using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace NeuralStyle.Runtime.Native;

/// <summary>
/// The libtorch of an installed PyTorch instead of the one that nst brings, for instance to compute on a GPU without another
/// download; see docs/gpu.md. On Linux alone.
/// </summary>
internal static partial class InstalledTorch
{
    /// <summary>The environment variable that names the folder, <c>…/torch/lib</c>.</summary>
    public const string Variable = "NST_LIBTORCH";

    /// <summary>
    /// Major and minor version that TorchSharp's native library is compiled against. C++ libraries of another one do not fit it.
    /// </summary>
    public const string Version = "2.10";

    /// <summary>Another version that was tried with it: PyTorch 2.11 for CUDA 13 has all functions that it calls.</summary>
    private const string Tried = "2.11";

    private const string Needed = $"{Version} or {Tried} is needed";

    private static readonly string[] s_needed = ["libc10.so", "libtorch_cpu.so", "libtorch.so"];

    /// <summary>The requested folder; null for none.</summary>
    public static string? Folder =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder ? Path.GetFullPath(folder) : null;

    /// <summary>What to tell of the version in use; null for the one that TorchSharp was made for, or if the variable is not set.</summary>
    public static string? Notice { get; private set; }

    /// <summary>Refuses the variable if it would have no effect.</summary>
    /// <exception cref="InvalidInputException">It is set, and this is not Linux.</exception>
    public static void Check()
    {
        if (Folder is { } folder && !OperatingSystem.IsLinux())
            throw Wrong(folder, "cannot be used: only on Linux can nst use another libtorch than its own");
    }

    /// <summary>
    /// Loads the libraries of a folder, ahead of libLibTorchSharp.so, whose references the loader then satisfies from them: it looks
    /// among what is loaded, by name, before it looks beside the library.
    /// </summary>
    /// <exception cref="InvalidInputException">The folder holds no libtorch of this version that can be loaded.</exception>
    public static void Load(string folder)
    {
        if (!Directory.Exists(folder)) throw Wrong(folder, "is not a folder");
        if (Array.Find(s_needed, name => !File.Exists(Path.Combine(folder, name))) is { } missing)
            throw Wrong(folder, Array.TrueForAll(s_needed, name => File.Exists(Path.Combine(folder, "lib", name)))
                ? $"has no {missing}, but its folder 'lib' has"
                : $"has no {missing}");
        if (Declared(folder) is { } declared && !Fits(declared)) throw Mismatch(folder, declared);
        Open(Path.Combine(folder, "libc10.so"));
        var told = LoadedLibtorch.Version(Open(Path.Combine(folder, "libtorch_cpu.so")))
            ?? throw Wrong(folder, $"is of an old, unknown version; {Needed}");
        if (!Fits(told)) throw Mismatch(folder, told);
        Notice = Is(Version, told)
            ? null
            : $"{Variable} is PyTorch {told}; nst is made for {Version}, and {Tried} was tried on two machines only: compare a picture "
                + $"with one made without {Variable}";
        var cuda = Path.Combine(folder, "libtorch_cuda.so");
        if (File.Exists(cuda)) Open(cuda); // the operators for GPUs; separately, so that the error names a missing CUDA library
        Open(Path.Combine(folder, "libtorch.so"));
    }

    /// <summary>
    /// Loads a library with every reference resolved at once. By default the first call of a missing function would end the process in
    /// the middle of a run.
    /// </summary>
    /// <returns>The loader's error message; null if it succeeds.</returns>
    public static string? Refusal(string library)
    {
        DlError(); // clears the last error and resolves the function now: resolving it later would overwrite the error below
        return DlOpen(library, ResolveNow) == 0 ? Marshal.PtrToStringUTF8(DlError()) ?? "unknown reason" : null;
    }

    /// <summary>Refuses the folder when TorchSharp's library does not fit it.</summary>
    /// <exception cref="InvalidInputException">It does not.</exception>
    public static void Require(string folder, string library)
    {
        if (Refusal(library) is { } reason) throw Wrong(folder, $"does not fit: {reason}");
    }

    /// <summary>
    /// The version from a file of the installation; null if there is none. Read first, because loading a library of another version
    /// may end the process.
    /// </summary>
    private static string? Declared(string folder)
    {
        // a wheel; an archive of libtorch
        foreach (var (file, pattern) in ((string, string)[])[("version.py", @"__version__ *= *'([^']+)'"),
            ("build-version", @"^(\d+\.\S+)")])
        {
            var path = Path.Combine(folder, "..", file);
            if (File.Exists(path) && Regex.Match(File.ReadAllText(path), pattern) is { Success: true } match) return match.Groups[1].Value;
        }
        return null;
    }

    private static bool Fits(string version) => Is(Version, version) || Is(Tried, version);

    private static bool Is(string minor, string version) => version.StartsWith(minor + ".", StringComparison.Ordinal);

    private static nint Open(string library) =>
        Refusal(library) is { } reason
            ? throw Wrong(Path.GetDirectoryName(library)!, $"cannot be used: {reason}")
            : NativeLibrary.Load(library);

    private static InvalidInputException Mismatch(string folder, string version) =>
        Wrong(folder, $"is of version {version}, and {Needed}");

    private static InvalidInputException Wrong(string folder, string what) =>
        new($"{Variable} '{folder}' {what}; expected the folder torch/lib of PyTorch {Version}, or leave {Variable} unset");

    private const int ResolveNow = 2; // RTLD_NOW of <dlfcn.h>

    [LibraryImport("libdl.so.2", EntryPoint = "dlopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint DlOpen(string path, int flags);

    [LibraryImport("libdl.so.2", EntryPoint = "dlerror")]
    private static partial nint DlError();
}
