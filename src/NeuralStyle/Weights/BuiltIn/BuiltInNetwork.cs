using NeuralStyle.Runtime.Files;
using NeuralStyle.Vgg;

namespace NeuralStyle.Weights.BuiltIn;

/// <summary>
/// A reduced VGG-19 (conv1_1 … conv5_1) inside the library, so that the first run needs no download. It derives from the VGG-19 of
/// Simonyan and Zisserman (2014, CC BY 4.0) by <c>nst weights reduce</c>; docs/reduction.md says exactly how it was made.
/// </summary>
public static class BuiltInNetwork
{
    /// <summary>Its <see cref="VggWeights.Name"/>, which users also give.</summary>
    public const string Name = "builtin";

    private const string Resource = "NeuralStyle.Weights.BuiltIn.builtin.npz";

    /// <summary>Reads it from inside the library; takes milliseconds and needs no libtorch.</summary>
    public static VggWeights Create()
    {
        using var stream = typeof(BuiltInNetwork).Assembly.GetManifestResourceStream(Resource)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        var hash = Hashes.Sha256(bytes);
        using var reader = new WeightsReader(ArchiveReader.Open(new MemorySource(bytes)), bytes.Length, Name, hash);
        return reader.Read();
    }
}
