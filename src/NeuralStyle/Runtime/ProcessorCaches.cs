using System.Runtime.Intrinsics.X86;
using NeuralStyle.Runtime.Native;

namespace NeuralStyle.Runtime;

/// <summary>
/// Whether the processor says which caches it has: some virtual machines hide them. libtorch's libraries for convolutions rely on it:
/// without, oneDNN 3.7 computes garbage for numbers of channels that are no multiple of 16, and NNPACK does not start, and says so at every
/// convolution.
/// </summary>
internal static class ProcessorCaches
{
    private const int TypeBits = 0x1f; // of EAX: the kind of the first cache; 0 for none

    /// <summary>Whether it does; true for processors that are no x64.</summary>
    public static bool AreReported { get; } = !X86Base.IsSupported || Has(4) || Has(0x8000001D); // Intel's leaf, AMD's

    private static bool Has(uint leaf) => ProcessorRegisters.Of(leaf) is { } answer && (answer.Eax & TypeBits) != 0;
}
