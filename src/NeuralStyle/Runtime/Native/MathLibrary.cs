using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace NeuralStyle.Runtime.Native;

/// <summary>
/// Asks MKL, which libtorch multiplies matrices with, for products whose bits do not depend on the number of threads: conditional numerical
/// reproducibility in its strict mode. Otherwise MKL gives each thread a share of a long sum.
/// </summary>
internal static class MathLibrary
{
    private const string Variable = "MKL_CBWR";

    /// <summary>Whether MKL is there and has that mode.</summary>
    public static bool CanFixOrderOfSums =>
        OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64 && Avx2.IsSupported;

    /// <summary>Whether MKL keeps that promise for every product: on processors of other makers than Intel it does not.</summary>
    public static bool FixesOrderOfSums => CanFixOrderOfSums && ProcessorRegisters.Of(0) is { Ebx: 0x756e6547 }; // Genu…

    /// <summary>Must run before libtorch loads. A value that the user has set stays.</summary>
    public static void FixOrderOfSums()
    {
        if (CanFixOrderOfSums)
            NativeEnvironment.Set(Variable, Avx512F.IsSupported ? "AVX512,STRICT" : "AVX2,STRICT", overwrite: false);
    }
}
