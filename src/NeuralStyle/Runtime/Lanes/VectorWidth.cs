namespace NeuralStyle.Runtime.Lanes;

/// <summary>The width of vectors to compute with.</summary>
internal enum VectorWidth
{
    /// <summary>The Advanced SIMD of 64-bit ARM processors.</summary>
    Bits128 = 128,

    /// <summary>AVX2 with FMA.</summary>
    Bits256 = 256,

    /// <summary>AVX-512.</summary>
    Bits512 = 512,
}

/// <summary>The widest of this machine.</summary>
internal static class VectorWidths
{
    /// <summary>All of this machine, the widest last.</summary>
    public static IReadOnlyList<VectorWidth> Supported { get; } =
        [.. Of(VectorWidth.Bits128, Lanes4.IsSupported), .. Of(VectorWidth.Bits256, Lanes8.IsSupported),
            .. Of(VectorWidth.Bits512, Lanes16.IsSupported)];

    private static VectorWidth[] Of(VectorWidth width, bool isSupported) => isSupported ? [width] : [];
}
