using NeuralStyle.Evaluation;
using NeuralStyle.Evaluation.Tiling;
using NeuralStyle.Imaging;
using NeuralStyle.Vgg;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Matching;

/// <summary>
/// Nearest neighbours for each layer by itself, at its full resolution: the final phase of Kolkin et al. 2022 ("feature splitting"), which
/// gives back the fine texture that hypercolumns average away.
/// </summary>
internal sealed class SplitLayers : IDisposable
{
    private const long MostSamples = 4096; // of each layer, as published

    private readonly VggNetwork _network;
    private readonly TileSize _tiles;
    private readonly IReadOnlyList<PullTerm> _terms;
    private readonly Dictionary<VggLayer, (IReadOnlyList<KeyRange> Groups, Tensor Centre, Tensor Vectors)> _targets = [];

    /// <summary>Samples the styles.</summary>
    /// <param name="network">The frozen network; not owned.</param>
    /// <param name="styles">1×3×h×w each.</param>
    /// <param name="samplesOf">Chooses samples on a grid, given their greatest number.</param>
    /// <param name="terms">The terms to find targets for.</param>
    /// <param name="tiles">How pictures are cut.</param>
    public SplitLayers(VggNetwork network, IReadOnlyList<Tensor> styles, Func<VggLayer, long, StyleSamples> samplesOf,
        IReadOnlyList<PullTerm> terms, TileSize tiles)
    {
        (_network, _terms, _tiles) = (network, terms, tiles);
        using var _ = no_grad();
        foreach (var layer in terms.Select(term => term.Layer))
        {
            using var scope = NewDisposeScope();
            var samples = samplesOf(layer, MostSamples);
            var vectors = samples.Gather(network, styles, [layer], tiles)[layer];
            var centre = vectors.mean([0]);
            _targets[layer] = (samples.Groups, centre.DetachFromDisposeScope(),
                Hypercolumns.Normalised(vectors.sub_(centre)).DetachFromDisposeScope());
        }
    }

    /// <summary>Finds the targets of all terms.</summary>
    /// <param name="picture">1×3×H×W: the picture to find matches for.</param>
    /// <param name="groupOf">The group of each position of a layer, h·w int64 values; null for one group.</param>
    public void Search(Tensor picture, Func<VggLayer, Tensor>? groupOf)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var size = ImageTensor.SizeOf(picture);
        long[] Shape(VggLayer layer) => [1, 1, size.Height / layer.Stride, size.Width / layer.Stride];
        var layers = _terms.Select(term => term.Layer).ToArray();
        var index = layers.ToDictionary(layer => layer, layer => empty(Shape(layer), ScalarType.Int64, picture.device));
        var groups = groupOf is null ? null : layers.ToDictionary(layer => layer, layer => groupOf(layer).view(Shape(layer)));
        TiledForward.Run(_network, picture, layers, _tiles, (layer, features, tile) =>
        {
            var (ranges, centre, vectors) = _targets[layer];
            var group = groups is null ? null : TiledForward.OfWhole(groups[layer], tile, layer).flatten();
            var (found, _) = NearestSearch.InGroups(Positions.Of(features) - centre, vectors, ranges, group);
            TiledForward.OfWhole(index[layer], tile, layer).copy_(found.view(1, 1, features.shape[2], features.shape[3]));
        });
        foreach (var term in _terms)
        {
            var (_, centre, vectors) = _targets[term.Layer];
            term.Targets = new PullTargets(term.Layer, centre.alias().DetachFromDisposeScope(), vectors.alias().DetachFromDisposeScope(),
                index[term.Layer].alias().DetachFromDisposeScope());
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, centre, vectors) in _targets.Values)
        {
            centre.Dispose();
            vectors.Dispose();
        }
    }
}
