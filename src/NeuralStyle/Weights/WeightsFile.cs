using System.Security.Cryptography;
using NeuralStyle.Vgg;
using NeuralStyle.Weights.Formats;

namespace NeuralStyle.Weights;

/// <summary>Reads VGG weights from files of any supported format. Needs no libtorch.</summary>
public static class WeightsFile
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">A weights file; docs/weights.md lists the formats.</param>
    /// <param name="overrides">What the user says about preprocessing and padding.</param>
    /// <exception cref="InvalidInputException">The file is missing, damaged, or holds no VGG; one line that says what is wrong.</exception>
    public static VggWeights Load(string path, WeightsOverrides? overrides = null)
    {
        try
        {
            using var source = OpenSource(path);
            using var archive = ArchiveReader.Open(source);
            var network = new NetworkAssembler(archive, source.Length);
            var metadata = archive.Metadata is { } json ? WeightsMetadata.Parse(json) : WeightsMetadata.None;
            return new VggWeights(
                Path.GetFileName(Path.TrimEndingDirectorySeparator(path)),
                Sha256(source),
                network.ReadAll(),
                overrides?.Preprocessing ?? metadata.Preprocessing ?? network.Scheme.Preprocessing,
                overrides?.Padding ?? metadata.Padding);
        }
        catch (WeightsFormatException failure)
        {
            throw new InvalidInputException($"cannot use the weights '{path}': {failure.Message}", failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"cannot read the weights '{path}': {failure.Message.TrimEnd('.')}", failure);
        }
    }

    private static FileSource OpenSource(string path)
    {
        if (!File.Exists(path)) throw new InvalidInputException($"the weights file '{path}' does not exist; give a file, or get one with: nst weights fetch");
        return new FileSource(path);
    }

    private static string Sha256(IByteSource source)
    {
        using var stream = new SourceStream(source, 0, source.Length);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
