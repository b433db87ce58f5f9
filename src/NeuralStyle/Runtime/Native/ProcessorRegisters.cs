using System.Runtime.Intrinsics.X86;

namespace NeuralStyle.Runtime.Native;

/// <summary>What an x86 processor answers to CPUID.</summary>
/// <param name="Eax">The register of that name.</param>
/// <param name="Ebx">The register of that name.</param>
/// <param name="Ecx">The register of that name.</param>
/// <param name="Edx">The register of that name.</param>
internal readonly record struct ProcessorRegisters(int Eax, int Ebx, int Ecx, int Edx)
{
    private const uint Extended = 0x80000000; // the first of the second range of leaves

    /// <summary>The answer for a leaf, its first subleaf; null for other processors, and for those without this leaf.</summary>
    public static ProcessorRegisters? Of(uint leaf)
    {
        if (!X86Base.IsSupported) return null;
        var last = (uint)X86Base.CpuId((int)(leaf & Extended), 0).Eax;
        if (last < leaf) return null;
        var (eax, ebx, ecx, edx) = X86Base.CpuId((int)leaf, 0);
        return new ProcessorRegisters(eax, ebx, ecx, edx);
    }
}
