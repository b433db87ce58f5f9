using System.Runtime.InteropServices;
using NeuralStyle.Runtime;
using NeuralStyle.Runtime.Files;

namespace NeuralStyle.Diagnosis;

/// <summary>The operating system and .NET.</summary>
/// <param name="Name">For people: <c>Debian GNU/Linux 12 (bookworm)</c>.</param>
/// <param name="Kernel">As the system calls itself.</param>
/// <param name="CLibrary">The C library and its version; null where it is part of the system.</param>
/// <param name="Wine">Version of Wine if that plays Windows; else null.</param>
/// <param name="Architecture">Of this process: <c>x64</c>.</param>
/// <param name="SystemArchitecture">Of the system; another one if it emulates this process's.</param>
/// <param name="Runtime">Version of .NET.</param>
/// <param name="HasOpenSsl">Whether .NET finds what it needs for checksums and https; always so but on Linux.</param>
internal sealed partial record SystemFacts(string Name, string Kernel, string? CLibrary, string? Wine, string Architecture,
    string SystemArchitecture, string Runtime, bool HasOpenSsl)
{
    /// <summary>Of this process.</summary>
    public static SystemFacts Read() => new(NameOf(), KernelOf(), CLibraryOf(), WineOf(),
        Lower(RuntimeInformation.ProcessArchitecture), Lower(RuntimeInformation.OSArchitecture), Environment.Version.ToString(),
        Hashes.IsPossible);

    private static string Lower(Architecture architecture) => architecture.ToString().ToLowerInvariant();

    private static string NameOf()
    {
        const string key = "PRETTY_NAME=", file = "/etc/os-release";
        if (OperatingSystem.IsMacOS()) return $"macOS {Environment.OSVersion.Version}";
        var name = OperatingSystem.IsLinux()
            ? SystemFiles.Lines(file).FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal))
            : null;
        return name?[key.Length..].Trim('"') ?? RuntimeInformation.OSDescription;
    }

    private static string KernelOf() => SystemFiles.Line("/proc/sys/kernel/osrelease") is { } release
        ? $"Linux {release}"
        : RuntimeInformation.OSDescription;

    private static string? CLibraryOf()
    {
        if (!OperatingSystem.IsLinux()) return null;
        try
        {
            return $"glibc {Marshal.PtrToStringUTF8(gnu_get_libc_version())}";
        }
        catch (Exception failure) when (failure is EntryPointNotFoundException or DllNotFoundException)
        {
            return "not glibc";
        }
    }

    private static unsafe string? WineOf() =>
        OperatingSystem.IsWindows() && NativeLibrary.TryLoad("ntdll.dll", out var library)
            && NativeLibrary.TryGetExport(library, "wine_get_version", out var version)
                ? Marshal.PtrToStringUTF8(((delegate* unmanaged[Cdecl]<nint>)version)())
                : null;

    [LibraryImport("libc")]
    private static partial nint gnu_get_libc_version();
}
