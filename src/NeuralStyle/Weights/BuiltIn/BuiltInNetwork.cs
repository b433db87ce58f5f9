using System.Security.Cryptography;
using NeuralStyle.Vgg;

namespace NeuralStyle.Weights.BuiltIn;

/// <summary>
/// A slim network of VGG-19 shape (conv1_1 … conv5_1) that the project learnt by itself from pictures that it rendered by itself:
/// a stand-in, so that the first run needs no download. Its results are below those of the trained VGG-19.
/// <c>training/NeuralStyle.Training</c> makes it; docs/experiments.md records what was tried.
/// </summary>
public static class BuiltInNetwork
{
    /// <summary>What <see cref="VggWeights.Name"/> says, and what users call it.</summary>
    public const string Name = "builtin";

    private const string Resource = "NeuralStyle.Weights.BuiltIn.builtin.npz";

    /// <summary>Reads it from inside the library; takes milliseconds and needs no libtorch.</summary>
    public static VggWeights Create()
    {
        using var stream = typeof(BuiltInNetwork).Assembly.GetManifestResourceStream(Resource)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        using var reader = new WeightsReader(ArchiveReader.Open(new MemorySource(bytes)), bytes.Length, Name, hash);
        return reader.Read() with { ContentFactor = 2 }; // its deep layers know less of things, so shapes dissolve sooner
    }
}
