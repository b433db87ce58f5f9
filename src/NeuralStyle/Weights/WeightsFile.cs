using NeuralStyle.Vgg;

namespace NeuralStyle.Weights;

/// <summary>Reads VGG weights from files of any supported format. Needs no libtorch.</summary>
public static class WeightsFile
{
    /// <summary>Reads a file, or a folder of arrays.</summary>
    /// <param name="path">A weights file; docs/weights.md lists the formats.</param>
    /// <param name="overrides">What the user says about preprocessing and padding.</param>
    /// <exception cref="InvalidInputException">The file is missing, damaged, or holds no VGG; one line that says what is wrong.</exception>
    public static VggWeights Load(string path, WeightsOverrides? overrides = null) => WeightsReader.Guard(path, () =>
    {
        using var reader = WeightsReader.Open(path);
        return reader.Read(overrides);
    });

    /// <summary>Describes a file without reading its values.</summary>
    /// <param name="path">A weights file, or a folder of arrays.</param>
    /// <exception cref="InvalidInputException">As for <see cref="Load"/>.</exception>
    internal static WeightsInspection Inspect(string path) => WeightsReader.Guard(path, () =>
    {
        using var reader = WeightsReader.Open(path);
        return reader.Inspect();
    });

    /// <summary>The published file that this is, by its hash; null when it is none of them.</summary>
    /// <param name="path">A weights file, or a folder of arrays.</param>
    /// <exception cref="InvalidInputException">The file cannot be read.</exception>
    internal static KnownSource? Identify(string path) => WeightsReader.Guard(path, () =>
    {
        if (!File.Exists(path)) return null; // a folder, or the name of a checkpoint
        using var source = new FileSource(path);
        return KnownSources.FindByHash(WeightsHash.Sha256(source)) ?? KnownSources.FindByMd5(WeightsHash.Md5(source));
    });
}
