using System.Runtime.Intrinsics;
using NeuralStyle.Runtime.Native;

namespace NeuralStyle.Runtime;

/// <summary>
/// AMX, the matrix unit of Intel's server processors since 2023 (Sapphire Rapids): it multiplies bfloat16 about eight times as fast as
/// AVX-512 multiplies float32. libtorch's convolutions use it.
/// </summary>
internal static class MatrixUnit
{
    private const int Bfloat16 = 1 << 22, Tile = 1 << 24; // CPUID, leaf 7, EDX
    private static readonly string[] s_limits = ["ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA"]; // of oneDNN, libtorch's convolutions

    /// <summary>Whether this machine has one that libtorch uses.</summary>
    public static bool IsPresent { get; } = Has(s_limits.Select(Environment.GetEnvironmentVariable));

    /// <summary>The same with values of the variables that keep oneDNN from newer instructions.</summary>
    internal static bool Has(IEnumerable<string?> limits) =>
        ProcessorCaches.AreReported && Vector512.IsHardwareAccelerated && limits.All(string.IsNullOrEmpty)
        && ProcessorRegisters.Of(7) is { } features && (features.Edx & (Bfloat16 | Tile)) == (Bfloat16 | Tile) && SystemAllows();

    /// <summary>The system must save the tiles when it switches threads; Linux says so, other systems are not asked.</summary>
    private static bool SystemAllows() => OperatingSystem.IsLinux()
        && SystemFiles.Lines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("flags", StringComparison.Ordinal)) is { } flags
        && flags.Split(' ').Contains("amx_bf16");
}
