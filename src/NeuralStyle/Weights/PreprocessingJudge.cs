using NeuralStyle.Vgg;

namespace NeuralStyle.Weights;

/// <summary>How pictures enter a network, and why.</summary>
/// <param name="Preprocessing">How pictures enter.</param>
/// <param name="Reason">What decided, for people.</param>
/// <param name="IsGuess">Whether it may be wrong, because neither the file nor its values say it.</param>
internal sealed record PreprocessingVerdict(Preprocessing Preprocessing, string Reason, bool IsGuess)
{
    /// <summary>conv1_1, with a layer that converts colours multiplied in if there was one.</summary>
    public required ConvolutionWeights First { get; init; }

    /// <summary>The training that the network comes from; null if it is unknown.</summary>
    public string? Training { get; init; }

    /// <summary>Whether rows and columns of all kernels are exchanged in the file.</summary>
    public bool IsTransposed { get; init; }
}

/// <summary>
/// Decides how pictures enter a network. In this order: a layer of the network that converts colours, the file's own entry, the values of
/// conv1_1, the hash of the file; then guesses: its name, how its layers are named, and the sizes of its kernels.
/// </summary>
internal static class PreprocessingJudge
{
    /// <summary>Decides.</summary>
    /// <param name="network">The open file; its first layer is read, and if nothing else is known, all others.</param>
    /// <param name="metadata">The file's own entry.</param>
    /// <param name="sha256">The hash of the file; empty when it is not known.</param>
    /// <param name="fileName">Its name.</param>
    public static PreprocessingVerdict Decide(NetworkAssembler network, WeightsMetadata metadata, string sha256, string fileName)
    {
        var first = network.Read(network.Convolutions[0]);
        var recognised = FirstLayerRecognition.Recognise(first);
        PreprocessingVerdict Verdict(Preprocessing preprocessing, string reason, bool isGuess) =>
            new(preprocessing, reason, isGuess) { First = first, Training = recognised?.Training.Name,
                IsTransposed = recognised?.IsTransposed ?? false };
        PreprocessingVerdict Known(Preprocessing preprocessing, string reason) => Verdict(preprocessing, reason, isGuess: false);
        PreprocessingVerdict Guess(Preprocessing preprocessing, string reason) => Verdict(preprocessing, reason, isGuess: true);

        if (network.ColourLayer is not null)
        {
            var (matrix, bias) = network.ReadColourLayer();
            return Known(WeightsFolding.FoldColours(matrix, bias, first), "its first layer, 1x1, converts the colours");
        }
        if (metadata.Preprocessing is { } said) return Known(said, "the file says so");
        if (recognised is not null)
            return Known(recognised.Preprocessing, $"its first filters are those of {recognised.Training.Name}"
                + (recognised.IsTransposed ? ", rows and columns exchanged" : ""));
        if (KnownSources.FindByHash(sha256) is { } byHash) return Known(byHash.Preprocessing, $"its SHA-256 is that of {byHash.Name}");
        if (KnownSources.FindByFileName(fileName) is { } byName)
            return Guess(byName.Preprocessing, $"its file name is that of {byName.Name}");
        return ByNamesAndSizes(network, Guess);
    }

    private static PreprocessingVerdict ByNamesAndSizes(NetworkAssembler network, Func<Preprocessing, string, PreprocessingVerdict> guess)
    {
        var usual = network.Scheme.Preprocessing;
        var byNames = $"usual for files with layers named like {network.Scheme.Name}";
        if (KernelSize.Range(network) is not { } range || range.IsFullRange == (usual.Range > 1)) return guess(usual, byNames);
        return range.IsFullRange
            ? guess(Preprocessing.CaffeBgr,
                $"its kernels are small ({range.Text}), as those of networks for 0 to 255 are, although its layers are named like "
                    + $"{network.Scheme.Name}")
            : guess(Preprocessing.Torchvision,
                $"its kernels are large ({range.Text}), as those of networks for unit variance are, although its layers are named like "
                    + $"{network.Scheme.Name}");
    }
}
