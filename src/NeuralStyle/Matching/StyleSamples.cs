using NeuralStyle.Evaluation;
using NeuralStyle.Evaluation.Tiling;
using NeuralStyle.Masks;
using NeuralStyle.Vgg;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Matching;

/// <summary>
/// Positions of the style pictures that may be found, on a grid: all of them, or as many as a limit allows, spread evenly. Several styles
/// share the limit by their weights; each region has positions of its own.
/// </summary>
/// <param name="Grid">The layer whose positions are counted.</param>
/// <param name="Places">For each style its rows and columns (int64) on the grid and where they stand among all samples.</param>
/// <param name="Groups">The range of samples of each region, or one range.</param>
internal sealed record StyleSamples(VggLayer Grid, IReadOnlyList<StyleSamples.Place> Places, IReadOnlyList<KeyRange> Groups)
{
    /// <summary>Samples of one style in one region.</summary>
    /// <param name="Style">The style, from 0.</param>
    /// <param name="Start">The first of them among all samples.</param>
    /// <param name="Rows">Rows on the grid, int64.</param>
    /// <param name="Columns">Columns on the grid, int64.</param>
    internal sealed record Place(int Style, long Start, Tensor Rows, Tensor Columns);

    /// <summary>Number of samples.</summary>
    public long Count => Groups.Sum(group => group.Count);

    /// <summary>Chooses positions.</summary>
    /// <param name="styles">1×3×h×w each.</param>
    /// <param name="weights">One weight for each style; those of weight 0 have no position.</param>
    /// <param name="regions">Regions and visible parts of the styles; null for whole pictures.</param>
    /// <param name="grid">The layer whose positions are counted.</param>
    /// <param name="most">The limit for each region.</param>
    public static StyleSamples Choose(IReadOnlyList<Tensor> styles, IReadOnlyList<double> weights, StyleRegions? regions, VggLayer grid,
        long most)
    {
        List<Place> places = [];
        List<KeyRange> groups = [];
        var next = 0L;
        var count = regions?.Content is null ? 1 : regions.Names.Count;
        for (var region = 0; region < count; region++)
        {
            var start = next;
            var takers = Enumerable.Range(0, styles.Count).Where(i => weights[i] > 0 && regions?.Has(i, region) != false).ToArray();
            var sum = takers.Sum(i => weights[i]);
            foreach (var style in takers)
            {
                var (rows, columns) = Spread(styles[style], regions?.Styles[style], region, grid,
                    Math.Max(1, (long)(most * weights[style] / sum)));
                places.Add(new Place(style, next, rows, columns));
                next += rows.shape[0];
            }
            groups.Add(new KeyRange(start, next - start));
        }
        return new StyleSamples(grid, places, groups);
    }

    /// <summary>The activations of the samples at some layers.</summary>
    /// <param name="network">The frozen network.</param>
    /// <param name="styles">1×3×h×w each.</param>
    /// <param name="layers">Layers wanted; those with more positions than the grid are averaged over squares, of those with fewer the
    /// position is taken that contains the sample.</param>
    /// <param name="tiles">How pictures are cut.</param>
    /// <returns>K×C for each layer; in the caller's dispose scope.</returns>
    public Dictionary<VggLayer, Tensor> Gather(VggNetwork network, IReadOnlyList<Tensor> styles, IReadOnlyCollection<VggLayer> layers,
        TileSize tiles)
    {
        var results = layers.ToDictionary(layer => layer,
            layer => empty([Count, network.Channels(layer)], network.DataType, network.Device));
        for (var i = 0; i < styles.Count; i++)
        {
            var mine = Places.Where(place => place.Style == i).ToArray();
            if (mine.Length == 0) continue;
            var style = styles[i];
            TiledForward.Run(network, style, layers, tiles, (layer, features, tile) =>
            {
                var factor = Math.Max(1, Grid.Stride / layer.Stride);
                var positions = Positions.Of(features, factor);
                foreach (var place in mine)
                {
                    var (rows, columns) = (At(place.Rows, layer, style.shape[2]), At(place.Columns, layer, style.shape[3]));
                    var (which, where) = Positions.Inside(rows, columns, tile, layer.Stride * factor);
                    if (which.shape[0] > 0) results[layer].index_copy_(0, which + place.Start, positions.index_select(0, where));
                }
            }, network.Options.StylePadding);
        }
        return results;
    }

    /// <summary>Rows or columns of the grid as those of a layer that is as fine or coarser.</summary>
    private Tensor At(Tensor grid, VggLayer layer, long side)
    {
        var factor = layer.Stride / Grid.Stride;
        return factor <= 1 ? grid : grid.div(factor, RoundingMode.floor).clamp_max(side / layer.Stride - 1);
    }

    private static (Tensor Rows, Tensor Columns) Spread(Tensor style, Tensor? mask, int region, VggLayer grid, long most)
    {
        using var scope = NewDisposeScope();
        var (height, width) = (style.shape[2] / grid.Stride, style.shape[3] / grid.Stride);
        Tensor open;
        if (mask is null)
        {
            open = arange(height * width, ScalarType.Int64, style.device);
        }
        else
        {
            var at = MaskPyramid.At(mask.narrow(0, mask.shape[0] == 1 ? 0 : region, 1), grid).flatten();
            open = at.ge(Math.Min(0.5, 0.5 * at.max().ToDouble())).nonzero().flatten();
        }
        var count = open.shape[0];
        if (count > most)
        {
            // even in both directions: a fixed stride would take whole columns
            var steps = arange(most, ScalarType.Int64, style.device);
            open = open.index_select(0, (steps * count).div_(most, RoundingMode.floor));
        }
        return (open.div(width, RoundingMode.floor).MoveToOuterDisposeScope(), open.remainder(width).MoveToOuterDisposeScope());
    }
}
