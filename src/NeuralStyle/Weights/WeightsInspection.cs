using NeuralStyle.Vgg;

namespace NeuralStyle.Weights;

/// <summary>One convolution as a file holds it.</summary>
/// <param name="Layer">Its place in the network.</param>
/// <param name="TensorName">The kernel's name in the file.</param>
/// <param name="Shape">The kernel's shape in the file, for instance <c>3x3x64x64</c>.</param>
/// <param name="NumberFormat">Number format and, if unusual, byte order and order of axes.</param>
internal sealed record LayerInspection(VggLayer Layer, string TensorName, string Shape, string NumberFormat)
{
    /// <summary>Whether the file has a batch normalisation after it, which nst folds into it.</summary>
    public bool IsNormalized { get; init; }

    /// <summary>Number of its filters.</summary>
    public required int Filters { get; init; }
}

/// <summary>What nst understands of a weights file.</summary>
internal sealed record WeightsInspection
{
    /// <summary>File format: <c>npz</c>, <c>h5</c>, ….</summary>
    public required string Format { get; init; }

    /// <summary>The convolutions in order of depth.</summary>
    public required IReadOnlyList<LayerInspection> Layers { get; init; }

    /// <summary><c>HxWxInxOut</c> or <c>OutxInxHxW</c>.</summary>
    public required string Layout { get; init; }

    /// <summary>How pictures enter the network.</summary>
    public required Preprocessing Preprocessing { get; init; }

    /// <summary>
    /// What the preprocessing was decided by: a layer, the file's own entry, its values, its hash, its name, or the names of its layers.
    /// </summary>
    public required string PreprocessingReason { get; init; }

    /// <summary>Whether neither the file nor its values decided, so that the colours may be wrong.</summary>
    public required bool IsPreprocessingGuessed { get; init; }

    /// <summary>The training that it comes from, by the values of its first filters; null if it is unknown.</summary>
    public required string? Training { get; init; }

    /// <summary>The padding that the file asks for, or that networks with its first layer use; null if unknown.</summary>
    public required PaddingMode? Padding { get; init; }

    /// <summary>Lower-case hexadecimal SHA-256 of the file.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Where the weights came from, when the file says.</summary>
    public required string? Source { get; init; }

    /// <summary>Tensors of the file that nst does not use, such as fully connected layers.</summary>
    public required IReadOnlyList<string> Unused { get; init; }

    /// <summary>The deepest layer that a loss can use.</summary>
    public VggLayer Deepest => Layers[^1].Layer;

    /// <summary>The network that the layers form, and the convolutions that are missing compared with the full one.</summary>
    public (string Network, IReadOnlyList<VggLayer> Missing) Topology
    {
        get
        {
            var layers = Layers.Select(layer => layer.Layer).ToHashSet();
            var (name, blocks) = layers.Any(layer => layer.Index == 4) || !layers.Contains(new VggLayer(4, 1))
                ? ("VGG-19", new[] { 2, 2, 4, 4, 4 })
                : ("VGG-16", [2, 2, 3, 3, 3]);
            var full = blocks.SelectMany((count, block) => Enumerable.Range(1, count).Select(index => new VggLayer(block + 1, index)));
            return (name, full.Where(layer => !layers.Contains(layer)).ToArray());
        }
    }
}
