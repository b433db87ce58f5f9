using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace NeuralStyle.Runtime.Native;

/// <summary>The state of TorchSharp's own native library, which names a newer libstdc++ than some systems have.</summary>
internal enum WrapperState
{
    /// <summary>As its package ships it; it loads.</summary>
    AsShipped,

    /// <summary>Repaired, now or earlier.</summary>
    Repaired,

    /// <summary>A repaired copy is loaded at each start: the program's folder cannot be written.</summary>
    RepairedCopy,
}

/// <summary>
/// Finds libLibTorchSharp.so and makes it loadable on systems whose libstdc++ is older than its compiler's, with the bundled libtorch or
/// another.
/// </summary>
internal static class NativeLibraries
{
    private const string LibraryName = "libLibTorchSharp.so";
    private const string MissingVersion = "GLIBCXX_3.4.32";

    private static string? s_library;
    private static bool s_isCopy;

    /// <summary>What <see cref="LoadTorch"/> found; null if it has not run, or could not find the library.</summary>
    public static WrapperState? Wrapper =>
        s_library is not { } path ? null
        : s_isCopy ? WrapperState.RepairedCopy
        : ElfVersionNeeds.IsWeak(File.ReadAllBytes(path), MissingVersion) ? WrapperState.Repaired
        : WrapperState.AsShipped;

    /// <summary>
    /// Loads the library once, ahead of TorchSharp, repairing it when the loader refuses it (see <see cref="ElfVersionNeeds"/>).
    /// Done at run time, not at build time, so that every way to start (run, test, publish, a copied folder) is covered by one
    /// piece of code, and so that nothing is changed on systems that do not need it.
    /// </summary>
    /// <param name="installed">Folder of the libtorch of an installed PyTorch; null for the one that nst brings.</param>
    /// <exception cref="RunFailedException">The repaired library cannot be loaded either; the message has the loader's own
    /// reason.</exception>
    /// <exception cref="InvalidInputException">The folder holds no libtorch that fits.</exception>
    public static void LoadTorch(string? installed = null)
    {
        InstalledTorch.Check();
        if (!OperatingSystem.IsLinux()) return;
        if (installed is not null) InstalledTorch.Load(installed);
        var path = Find();
        if (path is null && installed is not null)
            throw new RunFailedException(
                $"{InstalledTorch.Variable} cannot be used: there is no {LibraryName} in '{AppContext.BaseDirectory}'");
        if (path is null) return; // an unusual layout: leave it to TorchSharp's own search
        var repaired = Opens(path, installed) ? path : Repair(path, installed ?? Path.GetDirectoryName(path)!);
        (s_library, s_isCopy) = (path, repaired != path);
        try
        {
            if (installed is not null) InstalledTorch.Require(installed, repaired);
            var handle = NativeLibrary.Load(repaired);
            if (repaired != path)
                AssemblyLoadContext.GetLoadContext(typeof(NativeLibraries).Assembly)!.ResolvingUnmanagedDll += (_, name) =>
                    name.Contains("LibTorchSharp", StringComparison.Ordinal) ? handle : 0;
        }
        catch (DllNotFoundException failure)
        {
            throw new RunFailedException($"cannot load {repaired}: {failure.Message}", failure);
        }
        finally
        {
            // a loaded library stays loaded without its name
            if (repaired != path) Directory.Delete(Path.GetDirectoryName(repaired)!, recursive: true);
        }
    }

    private static bool Opens(string path, string? installed) =>
        installed is null ? NativeLibrary.TryLoad(path, out _) : InstalledTorch.Refusal(path) is null;

    private static string? Find()
    {
        var home = AppContext.BaseDirectory;
        string[] candidates = [Path.Combine(home, "runtimes", "linux-x64", "native", LibraryName), Path.Combine(home, LibraryName)];
        return Array.Find(candidates, File.Exists);
    }

    /// <summary>
    /// Writes the repaired library over the original or, if the folder is read-only, into a folder of this process's user.
    /// </summary>
    /// <returns>Its path: the original's if that needs no repair or could be replaced.</returns>
    private static string Repair(string path, string torch)
    {
        var bytes = File.ReadAllBytes(path);
        if (!ElfVersionNeeds.MakeWeak(bytes, MissingVersion)) return path;
        try
        {
            // A new file renamed over the old one: the package folder may be hard-linked to it, and other processes may be reading it.
            WriteBeside(path, bytes);
            return path;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            foreach (var dependency in (string[])["libc10.so", "libtorch_cpu.so", "libtorch.so", "libtorch_cuda.so"])
                NativeLibrary.TryLoad(Path.Combine(torch, dependency), out _); // found by name afterwards
            var copy = Path.Combine(Directory.CreateTempSubdirectory("nst-").FullName, LibraryName); // that only this user can access
            File.WriteAllBytes(copy, bytes);
            return copy;
        }
    }

    /// <summary>
    /// Repairs the library that nst brings, whether or not this system needs it: for packages, whose users cannot write to its folder.
    /// </summary>
    /// <returns>Whether there was something to repair.</returns>
    public static bool RepairShipped()
    {
        if (Find() is not { } path) return false;
        var bytes = File.ReadAllBytes(path);
        if (!ElfVersionNeeds.MakeWeak(bytes, MissingVersion)) return false;
        WriteBeside(path, bytes);
        return true;
    }

    private static void WriteBeside(string path, byte[] bytes)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            File.WriteAllBytes(temporary, bytes);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
