using NeuralStyle.Evaluation;
using NeuralStyle.Evaluation.Tiling;
using NeuralStyle.Imaging;
using NeuralStyle.Losses;
using NeuralStyle.Runtime;
using NeuralStyle.Vgg;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Matching;

/// <summary>
/// Nearest neighbours of hypercolumns: the activations of several layers at a position, side by side (Kolkin et al. 2022, section 3.1).
/// Compared are centred ones, by cosine. Each layer counts by its weight whatever its magnitude: the published division by the number of
/// channels fits one network only. Only the principal components of the style's hypercolumns are compared, so that neither all of a
/// hypercolumn nor the matrix of distances is ever in memory.
/// </summary>
internal sealed class Hypercolumns : IDisposable
{
    private const int Components = 128;
    private const long MostSamples = 16384;

    private readonly VggNetwork _network;
    private readonly TileSize _tiles;
    private readonly IReadOnlyList<KeyRange> _groups;
    private readonly IReadOnlyList<PullTerm> _terms;
    private readonly Dictionary<VggLayer, Tensor> _projections = []; // C×d each
    private readonly Dictionary<VggLayer, (Tensor Centre, Tensor Vectors)> _targets = [];
    private readonly Tensor _keys; // K×d

    /// <summary>Samples the styles.</summary>
    /// <param name="network">The frozen network; not owned.</param>
    /// <param name="styles">1×3×h×w each.</param>
    /// <param name="samplesOf">Chooses samples on a grid, given their greatest number.</param>
    /// <param name="terms">The terms to find targets for.</param>
    /// <param name="tiles">How pictures are cut.</param>
    public Hypercolumns(VggNetwork network, IReadOnlyList<Tensor> styles, Func<VggLayer, long, StyleSamples> samplesOf,
        IReadOnlyList<PullTerm> terms, TileSize tiles)
    {
        (_network, _terms, _tiles) = (network, terms, tiles);
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        Grid = GridOf(terms);
        var samples = samplesOf(Grid, MostSamples);
        _groups = samples.Groups;
        var raw = samples.Gather(network, styles, Layers, tiles);
        List<Tensor> columns = [];
        Dictionary<VggLayer, double> scales = [];
        foreach (var term in terms)
        {
            var centre = raw[term.Layer].mean([0]);
            var vectors = raw[term.Layer].sub_(centre);
            var square = FixedSums.Sum(vectors.square().sum(1)).ToDouble() / vectors.shape[0];
            scales[term.Layer] = Math.Sqrt(term.Weight / Math.Max(square, 1e-12));
            columns.Add(vectors * scales[term.Layer]);
            _targets[term.Layer] = (centre.DetachFromDisposeScope(), Normalised(vectors).DetachFromDisposeScope());
        }
        using var whole = cat(columns, 1); // K×D
        foreach (var column in columns) column.Dispose();
        var basis = PrincipalComponents(whole);
        _keys = Normalised(whole.mm(basis)).DetachFromDisposeScope();
        var start = 0L;
        foreach (var term in terms)
        {
            var channels = network.Channels(term.Layer);
            _projections[term.Layer] = (basis.narrow(0, start, channels) * scales[term.Layer]).DetachFromDisposeScope();
            start += channels;
        }
    }

    /// <summary>The layer on whose positions hypercolumns stand: a quarter of the picture's width and height, as published.</summary>
    public VggLayer Grid { get; }

    private VggLayer[] Layers => _terms.Select(term => term.Layer).ToArray();

    /// <summary>Rows of one norm.</summary>
    internal static Tensor Normalised(Tensor rows) => rows / (rows.square().sum(1, keepdim: true) + 1e-12).sqrt();

    /// <summary>Finds the targets of all terms.</summary>
    /// <param name="picture">1×3×H×W: the picture to find matches for.</param>
    /// <param name="groupOf">The group of each position of a layer, h·w int64 values; null for one group.</param>
    public void Search(Tensor picture, Func<VggLayer, Tensor>? groupOf)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var size = ImageTensor.SizeOf(picture);
        var (height, width) = (size.Height / Grid.Stride, size.Width / Grid.Stride);
        var queries = Project(picture, size).flatten(2).squeeze(0).t().contiguous(); // P×d
        queries.sub_(queries.mean([0]));
        var groups = groupOf?.Invoke(Grid);
        var backward = _terms[0].Kind == StyleLossKind.Remd;
        var (found, back) = NearestSearch.InGroups(backward ? Normalised(queries) : queries, _keys, _groups, groups, backward);
        var index = found.view(1, 1, height, width);
        foreach (var term in _terms)
        {
            var (centre, vectors) = _targets[term.Layer];
            var own = term.Layer.Stride <= Grid.Stride;
            term.Targets = new PullTargets(own ? Grid : term.Layer, Own(centre), Own(vectors),
                Own(own ? index : Several(index, term.Layer, size)), back is null ? null : Back(back, term.Layer, size));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _keys.Dispose();
        foreach (var projection in _projections.Values) projection.Dispose();
        foreach (var (centre, vectors) in _targets.Values)
        {
            centre.Dispose();
            vectors.Dispose();
        }
    }

    private static Tensor Own(Tensor tensor) => tensor.alias().DetachFromDisposeScope();

    /// <summary>The targets of a layer coarser than the grid: of all the grid's positions in one of its own. n×1×h×w.</summary>
    private Tensor Several(Tensor index, VggLayer layer, PixelSize size)
    {
        var factor = layer.Stride / Grid.Stride;
        var (height, width) = (size.Height / layer.Stride, size.Width / layer.Stride);
        return index.narrow(2, 0, height * factor).narrow(3, 0, width * factor).reshape(height, factor, width, factor)
            .permute(1, 3, 0, 2).reshape(factor * factor, 1, height, width);
    }

    /// <summary>Positions on the grid as those of a layer that is as fine, by squares, or coarser.</summary>
    private BackwardPull Back(Tensor positions, VggLayer layer, PixelSize size)
    {
        var factor = Math.Max(1, layer.Stride / Grid.Stride);
        var (height, width) = (size.Height / Grid.Stride / factor, size.Width / Grid.Stride / factor);
        var columns = size.Width / Grid.Stride;
        var row = positions.div(columns, RoundingMode.floor).div(factor, RoundingMode.floor).clamp_max(height - 1);
        var column = positions.remainder(columns).div(factor, RoundingMode.floor).clamp_max(width - 1);
        return BackwardPull.Of(row * width + column, height, width);
    }

    /// <summary>The principal components of a picture's hypercolumns on the grid, 1×d×h×w.</summary>
    private Tensor Project(Tensor picture, PixelSize size)
    {
        var components = _keys.shape[1];
        var parts = _terms.ToDictionary(term => term.Layer, term =>
        {
            var stride = Math.Max(term.Layer.Stride, Grid.Stride);
            return empty([1, components, size.Height / stride, size.Width / stride], picture.dtype, picture.device);
        });
        TiledForward.Run(_network, picture, Layers, _tiles, (layer, features, tile) =>
        {
            var factor = Math.Max(1, Grid.Stride / layer.Stride);
            var projected = Positions.Of(features, factor).mm(_projections[layer]);
            TiledForward.OfWhole(parts[layer], tile, factor == 1 ? layer : Grid)
                .copy_(projected.view(1, features.shape[2] / factor, features.shape[3] / factor, -1).permute(0, 3, 1, 2));
        });
        var (height, width) = (size.Height / Grid.Stride, size.Width / Grid.Stride);
        var sum = zeros([1, components, height, width], picture.dtype, picture.device);
        foreach (var part in parts.Values)
        {
            sum.add_(part.shape[2] == height && part.shape[3] == width
                ? part
                : nn.functional.interpolate(part, [height, width], mode: InterpolationMode.Bilinear, align_corners: false));
            part.Dispose();
        }
        return sum;
    }

    /// <summary>D×d, the directions in which centred rows vary most.</summary>
    private static Tensor PrincipalComponents(Tensor rows)
    {
        using var scope = NewDisposeScope();
        var wide = rows.to(ScalarType.Float64);
        var (_, vectors) = TorchParallel.OnOneThread(() => linalg.eigh(wide.t().mm(wide)));
        var most = Math.Min(Components, vectors.shape[1]);
        return vectors.narrow(1, vectors.shape[1] - most, most).to(rows.dtype).contiguous().MoveToOuterDisposeScope();
    }

    private static VggLayer GridOf(IReadOnlyList<PullTerm> terms) => new(Math.Min(3, terms.Max(term => term.Layer.Block)), 1);
}
