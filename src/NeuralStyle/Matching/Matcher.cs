using NeuralStyle.Evaluation;
using NeuralStyle.Evaluation.Tiling;
using NeuralStyle.Masks;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Matching;

/// <summary>
/// Finds the positions of the style that the positions of the picture are pulled to, for one scale: between two searches the targets are
/// fixed, so the loss is a sum over positions.
/// </summary>
internal sealed class Matcher : IDisposable
{
    private readonly Hypercolumns _hypercolumns;
    private readonly SplitLayers? _split;
    private readonly Tensor _content;
    private readonly double _contentShare;
    private readonly Tensor? _regions; // R×1×H×W

    /// <summary>Samples the styles.</summary>
    /// <param name="network">The frozen network; not owned.</param>
    /// <param name="content">1×3×H×W at the size of the scale.</param>
    /// <param name="styles">1×3×h×w each.</param>
    /// <param name="weights">One weight for each style.</param>
    /// <param name="settings">The share of the content in the picture that is matched.</param>
    /// <param name="regions">Regions with separate styles; null for whole pictures.</param>
    /// <param name="tiles">How pictures are cut.</param>
    /// <param name="terms">The terms to find targets for; not owned.</param>
    /// <param name="splits">Whether searches of each layer by itself will be made.</param>
    public Matcher(VggNetwork network, Tensor content, IReadOnlyList<Tensor> styles, IReadOnlyList<double> weights, StyleSettings settings,
        StyleRegions? regions, TileSize tiles, IReadOnlyList<PullTerm> terms, bool splits)
    {
        (_content, _contentShare) = (content.alias().DetachFromDisposeScope(), settings.StrengthenedMatchedContent);
        _regions = regions?.Content?.alias().DetachFromDisposeScope();
        StyleSamples SamplesOf(VggLayer grid, long most) => StyleSamples.Choose(styles, weights, regions, grid, most);
        _hypercolumns = new Hypercolumns(network, styles, SamplesOf, terms, tiles);
        _split = splits ? new SplitLayers(network, styles, SamplesOf, terms, tiles) : null;
    }

    /// <summary>Finds the targets of all terms again.</summary>
    /// <param name="picture">1×3×H×W: the picture so far.</param>
    /// <param name="split">Whether each layer is matched by itself.</param>
    public void Search(Tensor picture, bool split)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        Func<VggLayer, Tensor>? groups = _regions is null ? null : GroupsAt;
        if (split) _split!.Search(picture, groups);
        else _hypercolumns.Search(picture.lerp(_content, _contentShare), groups);
    }

    /// <summary>The region with the greatest weight at each position of a layer, h·w int64 values.</summary>
    private Tensor GroupsAt(VggLayer layer) => MaskPyramid.At(_regions!, layer).argmax(0).flatten();

    /// <inheritdoc/>
    public void Dispose()
    {
        _hypercolumns.Dispose();
        _split?.Dispose();
        _content.Dispose();
        _regions?.Dispose();
    }
}
