using NeuralStyle.Evaluation.Tiling;
using NeuralStyle.Imaging;
using NeuralStyle.Losses;
using NeuralStyle.Runtime;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;
using NeuralStyle.Vgg.Fused.Bfloat16;
using TorchSharp;

namespace NeuralStyle.Memory;

/// <summary>The bytes that a run takes at a scale, as a sum of parts; fitted to measurements, see docs/tiling.md.</summary>
internal sealed class MemoryModel
{
    private const double Float = sizeof(float);
    private const double Picture = 3 * Float; // of a pixel
    private const double Program = 360e6; // .NET, libtorch, libvips and their working memory
    private const double PerParameter = Float; // as read; the fused pass needs no copy
    private const double PerLoadedParameter = 3 * Float; // as read, as libtorch tensors, and reordered for its convolutions

    private readonly StyleSettings _settings;
    private readonly PixelSize _size;
    private readonly double _fixed, _content, _passed;
    private readonly double _perStep; // pictures that L-BFGS keeps of a step: two, in bfloat16 on the CPU
    private readonly IReadOnlyList<SectionCost> _whole, _split;

    /// <summary>The model of one scale.</summary>
    /// <param name="network">The network.</param>
    /// <param name="settings">Layers and optimiser.</param>
    /// <param name="size">The picture of the scale.</param>
    /// <param name="largestStyle">The largest style picture of the scale.</param>
    /// <param name="protects">Whether pixels are protected.</param>
    public MemoryModel(VggNetwork network, StyleSettings settings, PixelSize size, PixelSize largestStyle, bool protects)
    {
        (_settings, _size) = (settings, size);
        _perStep = network.Device.type == DeviceType.CPU ? 1 : 2;
        var contents = settings.ContentLayers.Where(layer => layer.Weight != 0).Select(layer => layer.Layer).ToArray();
        var wanted = settings.UsedLayers.ToArray();
        CanSplit = Section.CanCut(wanted);
        _whole = SectionCost.Of(network, Section.Of(network, wanted, split: false));
        _split = SectionCost.Of(network, Section.Of(network, wanted, split: true));
        _content = contents.Sum(layer => size.Pixels * SectionCost.Share(network, layer) * Float);
        // itself and its gradient
        _passed = CanSplit ? 2 * size.Pixels * SectionCost.Share(network, _split[0].Section.Passed!.Value) * Float : 0;
        _fixed = Program + PerParameterOf(network) * network.Parameters
            + largestStyle.Pixels * Picture * 2
            + (!settings.Matches ? 0 : MatchingOf(network, settings, size))
            + SimilarityOf(settings)
            + (settings.PhotorealismWeight == 0 ? 0 : 3) * size.Pixels * Picture // the photograph, and six values for each window
            + (protects ? 3.5 : 0) * size.Pixels * Picture
            + (settings.Color == ColorMode.Style ? 0 : 1) * size.Pixels * Picture;
    }

    private static double PerParameterOf(VggNetwork network) => !network.IsFused ? PerLoadedParameter
        : network.Precision == ConvolutionPrecision.Bfloat16 ? PerParameter + Bfloat16Layer.BytesPerParameter
        : PerParameter;

    /// <summary>
    /// What matching adds: the picture searched for, the content and their mixture; activations of the samples, raw and normalised; 128
    /// components and an index for each position of the grid, or the indices of every layer.
    /// </summary>
    private static double MatchingOf(VggNetwork network, StyleSettings settings, PixelSize size)
    {
        var layers = settings.UsedLayers.ToArray();
        var samples = 16384.0 * layers.Sum(network.Channels) * Float * 4;
        var grid = size.Pixels / 16.0 * (128 * Float * 2 + 2 * sizeof(long));
        var indices = layers.Sum(layer => (double)size.Pixels / (layer.Stride * layer.Stride)) * sizeof(long) * 2;
        return 3 * size.Pixels * Picture + samples + grid + indices + 32e6;
    }

    /// <summary>What self-similarity adds: distances of places to each other, of each layer as target, and of one being compared.</summary>
    private static double SimilarityOf(StyleSettings settings)
    {
        var layers = settings.ComparedLayers.Count;
        return layers == 0 ? 0 : (layers + 8.0) * SelfSimilarity.MostPlaces * SelfSimilarity.MostPlaces * Float;
    }

    /// <summary>Whether the layers in use are deep enough for two sections.</summary>
    public bool CanSplit { get; }

    /// <summary>What tiles cost in each section.</summary>
    /// <param name="split">Whether the network is cut into two of them.</param>
    public IReadOnlyList<SectionCost> Sections(bool split) => split ? _split : _whole;

    /// <summary>Bytes per pixel of a tile of the first section for a forward and a backward pass.</summary>
    public double Working(bool split) => Sections(split).Max(cost => cost.Working * cost.Section.Growth);

    /// <summary>Memory that does not depend on the tiles: program, network, targets, pictures and the optimiser's state.</summary>
    /// <param name="history">Steps that L-BFGS remembers.</param>
    /// <param name="half">Whether the content's activations and Adam's moments are in half precision.</param>
    /// <param name="split">Whether the network is cut into two sections, whose intermediate activations are kept.</param>
    public double State(int history, bool half, bool split)
    {
        var pictures = (_settings.Optimizer == OptimizerKind.Lbfgs ? 6 + _perStep * history : half ? 3 : 4)
            + (_settings.AverageDecay > 0 ? 1 : 0);
        return _fixed + _content * (half ? 0.5 : 1) + pictures * _size.Pixels * Picture + (split ? _passed : 0);
    }
}
