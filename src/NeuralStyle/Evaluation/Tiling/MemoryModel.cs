using NeuralStyle.Control;
using NeuralStyle.Imaging;
using NeuralStyle.Vgg;

namespace NeuralStyle.Evaluation.Tiling;

/// <summary>How many bytes a run takes at a scale, as a sum of parts; fitted to measurements, see docs/tiling.md.</summary>
internal sealed class MemoryModel
{
    private const double Float = sizeof(float);
    private const double Picture = 3 * Float; // of a pixel
    private const double Program = 330e6; // .NET, libtorch, libvips and their working memory
    private const double PerParameter = 4 * Float; // as read, as libtorch has them, and packed for going forward and back

    private readonly StyleSettings _settings;
    private readonly PixelSize _size;
    private readonly double _fixed, _content;

    /// <summary>The model of one scale.</summary>
    /// <param name="network">The network.</param>
    /// <param name="settings">Layers and optimiser.</param>
    /// <param name="size">The picture of the scale.</param>
    /// <param name="largestStyle">The largest style picture of the scale.</param>
    /// <param name="protects">Whether pixels are protected.</param>
    public MemoryModel(VggNetwork network, StyleSettings settings, PixelSize size, PixelSize largestStyle, bool protects)
    {
        (_settings, _size) = (settings, size);
        var contents = settings.ContentLayers.Where(layer => layer.Weight != 0).Select(layer => layer.Layer).ToArray();
        var wanted = contents.Concat(settings.StyleLayers.Where(layer => layer.Weight != 0).Select(layer => layer.Layer)).Distinct().ToArray();
        Deepest = wanted.Max();
        var used = network.Layers.TakeWhile(layer => layer.CompareTo(Deepest) <= 0).ToArray();
        double Share(VggLayer layer) => network.Channels(layer) / Math.Pow(TileGrid.StrideOf(layer), 2);

        var first = network.Channels(used[0]);
        if (network.CanGoBack)
        {
            Kept = Float * wanted.Append(used[0]).Distinct().Sum(Share) + used.Sum(Share) / 4; // what was asked for; gates and places of the rest
            Working = Kept + Float * 3 * first; // two buffers of the widest layer, and what the allocator loses between tiles
        }
        else
        {
            Working = 6 * Float * used.Sum(Share); // itself, its gradient, what is asked for, workspace
        }
        _content = contents.Sum(layer => size.Pixels * Share(layer) * Float);
        _fixed = Program + PerParameter * network.Parameters
            + largestStyle.Pixels * Picture * 2
            + (protects ? 3.5 : 0) * size.Pixels * Picture
            + (settings.Color == ColorMode.Style ? 0 : 1) * size.Pixels * Picture;
    }

    /// <summary>The deepest layer in use.</summary>
    public VggLayer Deepest { get; }

    /// <summary>Bytes for each pixel that is forward and back at once.</summary>
    public double Working { get; }

    /// <summary>Bytes for each pixel whose forward pass is kept for later.</summary>
    public double Kept { get; }

    /// <summary>What is there whatever the tiles: program, network, targets, pictures and the optimiser's state.</summary>
    /// <param name="history">Steps that L-BFGS remembers.</param>
    /// <param name="half">Whether the content's activations and Adam's moments are in half precision.</param>
    public double State(int history, bool half)
    {
        var pictures = (_settings.Optimizer == OptimizerKind.Lbfgs ? 6 + 2 * history : half ? 3 : 4) + (_settings.AverageDecay > 0 ? 1 : 0);
        return _fixed + _content * (half ? 0.5 : 1) + pictures * _size.Pixels * Picture;
    }
}
