using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace NeuralStyle.Runtime.Native;

/// <summary>
/// The load context of a program that uses the libtorch of an installed PyTorch (<c>NST_LIBTORCH</c>): a second copy of its assemblies,
/// whose requests for native libraries are answered here.
/// </summary>
/// <remarks>
/// TorchSharp asks for <c>torch_cpu</c> by name before its first tensor, and the runtime finds the one beside the program. That would
/// be a second libtorch in the process, which crashes it: both register the same operators. In a separate context the runtime asks
/// the context first; for the default context there is no such hook.
/// </remarks>
internal sealed class LibtorchContext : AssemblyLoadContext
{
    private const string ContextName = "installed libtorch";

    private readonly string _folder;
    private readonly AssemblyDependencyResolver _program;

    private LibtorchContext(string folder, string program) : base(ContextName) =>
        (_folder, _program) = (folder, new AssemblyDependencyResolver(program));

    /// <summary>Folder of the installed libtorch in use; null for the bundled one.</summary>
    public static string? Folder { get; } = GetLoadContext(typeof(LibtorchContext).Assembly)?.Name == ContextName
        ? InstalledTorch.Folder
        : null;

    /// <summary>
    /// The same type in a context with the libtorch that <c>NST_LIBTORCH</c> names; null where it names none, or the program runs on it
    /// already.
    /// </summary>
    /// <param name="program">A type of the program's main assembly.</param>
    public static Type? Twin(Type program)
    {
        if (Folder is not null || InstalledTorch.Folder is not { } folder || !OperatingSystem.IsLinux()) return null;
        var assembly = program.Assembly.Location;
        return new LibtorchContext(folder, assembly).LoadFromAssemblyPath(assembly).GetType(program.FullName!, throwOnError: true);
    }

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName) =>
        _program.ResolveAssemblyToPath(assemblyName) is { } path ? LoadFromAssemblyPath(path) : null; // null: the runtime's own, shared

    /// <inheritdoc/>
    protected override nint LoadUnmanagedDll(string unmanagedDllName)
    {
        if (unmanagedDllName.StartsWith("torch", StringComparison.Ordinal))
        {
            var asked = Path.Combine(_folder, $"lib{unmanagedDllName}.so");
            // never the program's own, even if there is no torch_cuda
            return NativeLibrary.Load(File.Exists(asked) ? asked : Path.Combine(_folder, "libtorch_cpu.so"));
        }
        return _program.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path && NativeLibrary.TryLoad(path, out var handle) ? handle : 0;
    }
}
