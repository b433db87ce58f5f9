using NeuralStyle.Evaluation.Tiling;
using NeuralStyle.Imaging;
using NeuralStyle.Losses;
using NeuralStyle.Runtime.Native;
using NeuralStyle.Vgg;
using static NeuralStyle.Evaluation.TiledForward;
using static TorchSharp.torch;

namespace NeuralStyle.Evaluation;

/// <summary>
/// Evaluates in tiles, with the activations of one tile at a time in memory, and gives the same result as for the whole picture: "Scaling
/// Painting Style Transfer" (Galerne, Raad, Lezama, Morel 2024), with halos that make it exact. The first pass gathers the sums that
/// the losses depend on; their derivatives are then fixed while the second pass goes forward and backward through each tile.
/// </summary>
/// <param name="network">The frozen network, with any padding but the circular one; not owned.</param>
/// <param name="objective">Terms and targets; not owned.</param>
/// <param name="tiles">How the picture is cut.</param>
/// <param name="keep">For each section of the network, the number of tiles whose forward pass is kept in memory from the first pass to the
/// second, if the network supports it; the result is the same.</param>
internal sealed class TiledEvaluator(VggNetwork network, Objective objective, TileSize tiles, params IReadOnlyList<int> keep) : IEvaluator
{
    private readonly TermWeights _weights = new(objective.Terms);
    private readonly Dictionary<(int From, Tile Tile), IPass> _kept = [];
    private readonly Section[] _sections = [.. Section.Of(network, objective.Layers, tiles.Split)];

    /// <summary>The sums of one style term over the whole picture.</summary>
    private sealed record StyleSums(Tensor Sum, Tensor Products);

    /// <summary>What the first pass gathers.</summary>
    /// <param name="Content">The raw content losses.</param>
    /// <param name="Style">The sums of the style terms.</param>
    /// <param name="Places">For each self-similarity term the activations at its places, n×C.</param>
    /// <param name="Pulls">The raw losses of the pulls.</param>
    private sealed record Gathered(Tensor[] Content, StyleSums[] Style, Tensor[] Places, Tensor[] Pulls);

    /// <summary>The derivatives that the second pass adds.</summary>
    /// <param name="Style">Of the style terms.</param>
    /// <param name="Places">Of the self-similarity terms, n×C each.</param>
    /// <param name="Width">Of the picture, in pixels.</param>
    private sealed record Slopes(IReadOnlyList<StyleSlope> Style, Tensor[] Places, long Width);

    /// <inheritdoc/>
    public IReadOnlyList<TermInfo> Terms { get; } = objective.Terms;

    /// <inheritdoc/>
    public Evaluated Evaluate(Tensor image)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        try
        {
            var (sums, inputs) = Gather(image);
            return Answer(image, sums, inputs);
        }
        finally
        {
            foreach (var pass in _kept.Values) pass.Dispose();
            _kept.Clear();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _weights.Dispose(); // network and objective belong to the caller

    private Evaluated Answer(Tensor image, Gathered gathered, IReadOnlyList<Tensor> inputs)
    {
        var (style, slopes) = Derive(gathered.Style, image);
        var similar = objective.Similarities.Zip(gathered.Places, (term, places) => term.WithSlope(places)).ToArray();
        var all = new Slopes(slopes, similar.Select(of => of.Slope).ToArray(), image.shape[3]);
        var gradient = inputs.Count == 0 ? zeros_like(image) : empty(0); // with respect to a section's input, at last the picture
        foreach (var (section, input) in _sections.Zip(inputs).Reverse())
        {
            using var passed = gradient;
            gradient = zeros_like(input);
            foreach (var tile in section.Tiles(ImageTensor.SizeOf(image), tiles)) GoBack(section, input, tile, all, passed, gradient);
            if (!ReferenceEquals(input, image)) input.Dispose();
        }

        List<Tensor> raw = [.. gathered.Content, .. style, .. similar.Select(of => of.Loss), .. gathered.Pulls];
        raw.AddRange(objective.AddPictureTerms(image, gradient));
        var values = raw.Count == 0 ? zeros([0], image.dtype, image.device) : stack(raw);
        var total = _weights.Total(values);
        return new Evaluated(total.MoveToOuterDisposeScope(), values.MoveToOuterDisposeScope(), gradient.MoveToOuterDisposeScope());
    }

    /// <summary>
    /// First pass: the raw content losses and the sums of every style term, in float64 for every type of network, and the input of each
    /// section.
    /// </summary>
    private (Gathered Sums, IReadOnlyList<Tensor> Inputs) Gather(Tensor image)
    {
        var content = objective.Content.Select(_ => zeros([], ScalarType.Float64, image.device)).ToArray();
        var style = objective.Style.Select(term => new StyleSums(
            zeros(term.Target.Mean.shape, ScalarType.Float64, image.device),
                zeros(term.Target.SecondMoment.shape, ScalarType.Float64, image.device))).ToArray();
        var pulls = objective.Pulls.Select(_ => zeros([], ScalarType.Float64, image.device)).ToArray();
        var places = objective.Similarities.Select(term => empty([term.Places.shape[0], network.Channels(term.Layer)], image.dtype,
            image.device)).ToArray();
        var inputs = Run(network, image, _sections, tiles, Forward, (layer, features, tile) =>
        {
            foreach (var (term, sum) in objective.Content.Zip(content).Where(pair => pair.First.Layer == layer))
                ContentLoss.AddSquaredDifference(features, OfWhole(term.Target, tile, layer), sum);
            foreach (var (term, sum) in objective.Style.Zip(style).Where(pair => pair.First.Layer == layer))
                LayerStatistics.AddSums(features, term.Mask is null
                    ? null
                    : OfWhole(term.Mask.Weights, tile, layer), sum.Sum, sum.Products);
            foreach (var (term, found) in objective.Similarities.Zip(places).Where(pair => pair.First.Layer == layer))
            {
                var (which, where) = term.Inside(image.shape[3], tile);
                found.index_copy_(0, which, Positions.Of(features).index_select(0, where));
            }
            foreach (var (term, sum) in objective.Pulls.Zip(pulls).Where(pair => pair.First.Layer == layer))
                sum.add_(PullGathering.Of(term.Layer, term.Targets, features, whole => OfWhole(whole, tile, term.Targets.Grid)));
        });
        return (new Gathered(
            objective.Content.Zip(content).Select(pair => (pair.Second * pair.First.Factor).to(image.dtype)).ToArray(), style,
            places,
            pulls.Select(sum => sum.to(image.dtype)).ToArray()), inputs);
    }

    /// <summary>The activations of a tile, 1×C×h×w; keeps the pass if there is room.</summary>
    private IEnumerable<KeyValuePair<VggLayer, Tensor>> Forward(Section section, Tile tile, Tensor crop)
    {
        var full = _kept.Keys.Count(key => key.From == section.From) >= keep.ElementAtOrDefault(Array.IndexOf(_sections, section));
        if (full || !network.IsFused) return network.Forward(crop, section.Wanted, null, lasting: false, section.From);
        var pass = network.Pass(crop, section.Wanted, lasting: true, from: section.From);
        _kept.Add((section.From, tile), pass);
        return pass.Wanted.Select(pair => KeyValuePair.Create(pair.Layer, pair.Result.permute(0, 3, 1, 2)));
    }

    /// <summary>The raw style losses and the slopes of the weighted ones.</summary>
    private (IReadOnlyList<Tensor> Raw, IReadOnlyList<StyleSlope> Slopes) Derive(StyleSums[] gathered, Tensor image)
    {
        var size = ImageTensor.SizeOf(image);
        var derived = StyleSlope.OfAll(objective.Style.Zip(gathered, (term, sums) =>
            (term, sums.Sum.to(image.dtype), sums.Products.to(image.dtype),
                (double)(size.Width / term.Layer.Stride) * (size.Height / term.Layer.Stride))).ToArray());
        return (derived.Select(pair => pair.Loss).ToArray(), derived.Select(pair => pair.Slope).ToArray());
    }

    /// <summary>
    /// Second pass through one tile: adds its share of the gradient with respect to the input of the section, given the gradient of its
    /// output.
    /// </summary>
    private void GoBack(Section section, Tensor input, Tile tile, Slopes slopes, Tensor passed, Tensor gradient)
    {
        NativeAllocator.Relieve();
        using var allocations = Allocations(network);
        using var scope = NewDisposeScope();
        var crop = section.Crop(input, tile);
        using var pass = _kept.Remove((section.From, tile), out var kept) ? kept : network.Pass(crop, section.Wanted, from: section.From);
        var features = pass.Wanted.ToDictionary(pair => pair.Layer, pair => pair.Result);
        var piece = pass.Backward((layer, sum) =>
        {
            using var step = NewDisposeScope();
            AddSeed(features[layer].permute(0, 3, 1, 2), sum.permute(0, 3, 1, 2), tile, layer, slopes, passed);
        });
        section.Crop(gradient, tile).add_(piece);
    }

    /// <summary>
    /// Adds the derivative of the total with respect to a tile's activations to that from deeper layers: nothing in the halo, which
    /// belongs to other tiles. Both 1×C×h×w, in any memory order.
    /// </summary>
    private void AddSeed(Tensor features, Tensor gradient, Tile tile, VggLayer layer, Slopes slopes, Tensor passed)
    {
        using var _ = no_grad();
        var (inner, own) = (Core(gradient, tile, layer), Core(features, tile, layer));
        if (layer.IsPooling) inner.add_(OfWhole(passed, tile, layer));
        foreach (var term in objective.Content.Where(term => term.Layer == layer))
        {
            var target = OfWhole(term.Target, tile, layer);
            foreach (var rows in RowStrips.Of(own))
                ContentLoss.AddSlope(rows.In(inner), rows.In(own), rows.In(target), 2 * term.Weight * term.Factor);
        }
        AddPulls(own, inner, tile, layer);
        foreach (var (term, slope) in objective.Similarities.Zip(slopes.Places).Where(pair => pair.First.Layer == layer))
        {
            var (which, where) = term.Inside(slopes.Width, tile);
            SimilarityTerm.AddSlope(inner, where, slope.index_select(0, which));
        }
        foreach (var (term, slope) in objective.Style.Zip(slopes.Style).Where(pair => pair.First.Layer == layer))
        {
            var mask = term.Mask is null ? null : OfWhole(term.Mask.Weights, tile, layer);
            foreach (var rows in RowStrips.Of(own))
            {
                using var scope = NewDisposeScope();
                var positions = rows.In(own).permute(0, 2, 3, 1); // 1×h×w×C
                var share = slope.At(positions.reshape(-1, positions.shape[3])).view(positions.shape).permute(0, 3, 1, 2);
                rows.In(inner).add_(mask is null ? share : share.mul_(rows.In(mask)));
            }
        }
    }

    private void AddPulls(Tensor features, Tensor gradient, Tile tile, VggLayer layer)
    {
        foreach (var term in objective.Pulls.Where(term => term.Layer == layer))
        {
            var (_, slope) = PullGathering.WithSlope(term, features, whole => OfWhole(whole, tile, term.Targets.Grid));
            PullGathering.AddSlope(term, slope, gradient);
        }
    }
}
