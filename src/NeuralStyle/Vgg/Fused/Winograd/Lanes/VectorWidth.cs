namespace NeuralStyle.Vgg.Fused.Winograd.Lanes;

/// <summary>Which vectors to compute with.</summary>
internal enum VectorWidth
{
    /// <summary>AVX2 with FMA.</summary>
    Bits256 = 256,

    /// <summary>AVX-512.</summary>
    Bits512 = 512,
}

/// <summary>What this machine has of them.</summary>
internal static class VectorWidths
{
    /// <summary>All that it has, the widest last.</summary>
    public static IReadOnlyList<VectorWidth> Supported { get; } =
        [.. Lanes8.IsSupported
            ? [VectorWidth.Bits256]
            : Array.Empty<VectorWidth>(), .. Lanes16.IsSupported
            ? [VectorWidth.Bits512]
            : Array.Empty<VectorWidth>()];
}
