using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using NeuralStyle.Runtime;
using NeuralStyle.Runtime.Lanes;
using NeuralStyle.Runtime.Native;

namespace NeuralStyle.Diagnosis;

/// <summary>The processor.</summary>
/// <param name="Name">As it calls itself; null if it does not.</param>
/// <param name="Cores">Logical processors that this process may use, whole ones if a container limits its time.</param>
/// <param name="Features">Those that matter for speed, the widest vectors last, then AMX.</param>
/// <param name="Vectors">Bits of the vectors that the fused convolutions use; null if they cannot run here.</param>
/// <param name="Multiplies">How convolutions multiply where nothing else is asked for.</param>
/// <param name="ReportsCaches">See <see cref="ProcessorCaches.AreReported"/>.</param>
internal sealed record ProcessorFacts(string? Name, int Cores, IReadOnlyList<string> Features, int? Vectors,
    ConvolutionPrecision Multiplies = ConvolutionPrecision.Float32, bool ReportsCaches = true)
{
    /// <summary>Of this process.</summary>
    public static ProcessorFacts Read() => new(NameOf(), Environment.ProcessorCount, FeaturesOf(),
        VectorWidths.Supported is [.., var widest] ? (int)widest : null,
        MatrixUnit.IsPresent ? ConvolutionPrecision.Bfloat16 : ConvolutionPrecision.Float32, ProcessorCaches.AreReported);

    private static string[] FeaturesOf()
    {
        (string Name, bool Has)[] all =
        [
            ("NEON", AdvSimd.Arm64.IsSupported), ("SSE4.2", Sse42.IsSupported), ("AVX", Avx.IsSupported), ("FMA", Fma.IsSupported),
            ("AVX2", Avx2.IsSupported), ("AVX-512", Avx512F.IsSupported), ("AMX", MatrixUnit.IsPresent),
        ];
        return all.Where(feature => feature.Has).Select(feature => feature.Name).ToArray();
    }

    private static string? NameOf()
    {
        if (X86Base.IsSupported) return BrandString();
        const string key = "Model name";
        return SystemFiles.Lines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith(key, StringComparison.OrdinalIgnoreCase))
            ?.Split(':')[^1].Trim();
    }

    /// <summary>The name in the leaves 0x80000002 to 0x80000004 of CPUID; null for processors without them.</summary>
    private static string? BrandString()
    {
        List<int> registers = [];
        foreach (var leaf in (uint[])[0x80000002, 0x80000003, 0x80000004])
        {
            if (ProcessorRegisters.Of(leaf) is not var (eax, ebx, ecx, edx)) return null;
            registers.AddRange([eax, ebx, ecx, edx]);
        }
        return System.Text.Encoding.ASCII.GetString(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(registers))).Split('\0')[0].Trim();
    }
}
