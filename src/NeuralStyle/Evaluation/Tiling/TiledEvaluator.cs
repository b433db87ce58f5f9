using NeuralStyle.Imaging;
using NeuralStyle.Losses;
using NeuralStyle.Vgg;
using TorchSharp;
using static NeuralStyle.Evaluation.Tiling.TiledForward;
using static TorchSharp.torch;

namespace NeuralStyle.Evaluation.Tiling;

/// <summary>
/// Evaluates in tiles, with the activations of one tile at a time in memory, and gives the same answer as the whole picture: "Scaling
/// Painting Style Transfer" (Galerne, Raad, Lezama, Morel 2024), with halos that make it exact. The first pass gathers the sums that
/// the losses see; their derivatives are then held fixed while the second pass goes forward and back through each tile.
/// </summary>
/// <param name="network">The frozen network, with any padding but the circular one; not owned.</param>
/// <param name="objective">Terms and targets; not owned.</param>
/// <param name="core">Side of a tile without its halo, in pixels.</param>
public sealed class TiledEvaluator(VggNetwork network, Objective objective, int core) : IEvaluator
{
    private readonly IReadOnlyCollection<VggLayer> _layers = objective.Layers;

    /// <summary>The sums of one style term over the whole picture, or the derivatives of the total with respect to them.</summary>
    private sealed record StyleSums(Tensor Sum, Tensor Products);

    /// <inheritdoc/>
    public IReadOnlyList<TermInfo> Terms { get; } = objective.Terms;

    /// <inheritdoc/>
    public Evaluated Evaluate(Tensor image)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var (content, sums) = Gather(image);
        var (style, slopes) = Derive(sums, image);
        var gradient = zeros_like(image);
        foreach (var tile in TiledForward.Tiles(network, image, _layers, core)) GoBack(image, tile, slopes, gradient);

        List<Tensor> raw = [.. content, .. style];
        if (objective.TotalVariationWeight != 0) raw.Add(AddTotalVariation(image, gradient));
        var values = raw.Count == 0 ? zeros([0], image.dtype, image.device) : stack(raw);
        var total = values.dot(tensor(Terms.Select(term => term.Weight).ToArray(), image.dtype, image.device));
        return new Evaluated(total.MoveToOuterDisposeScope(), values.MoveToOuterDisposeScope(), gradient.MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // network and objective belong to the caller
    }

    /// <summary>First pass: the raw content losses and the sums of every style term, in float64 whatever the network's type.</summary>
    private (Tensor[] Content, StyleSums[] Style) Gather(Tensor image)
    {
        var content = objective.Content.Select(_ => zeros([], ScalarType.Float64, image.device)).ToArray();
        var style = objective.Style.Select(term => new StyleSums(
            zeros(term.Target.Mean.shape, ScalarType.Float64, image.device), zeros(term.Target.SecondMoment.shape, ScalarType.Float64, image.device))).ToArray();
        TiledForward.Run(network, image, _layers, core, (layer, features, tile) =>
        {
            foreach (var (term, sum) in objective.Content.Zip(content).Where(pair => pair.First.Layer == layer))
                sum.add_(ContentLoss.SquaredDifference(features, OfWhole(term.Target, tile, layer)).to(ScalarType.Float64));
            foreach (var (term, sum) in objective.Style.Zip(style).Where(pair => pair.First.Layer == layer))
            {
                var (sums, products) = LayerStatistics.Sums(features.contiguous(), term.Mask is null ? null : OfWhole(term.Mask, tile, layer).contiguous());
                sum.Sum.add_(sums.to(ScalarType.Float64));
                sum.Products.add_(products.to(ScalarType.Float64));
            }
        });
        return (objective.Content.Zip(content).Select(pair => (pair.Second * pair.First.Factor).to(image.dtype)).ToArray(), style);
    }

    /// <summary>The raw style losses and the derivatives of the weighted ones with respect to their sums.</summary>
    private (List<Tensor> Raw, List<StyleSums> Slopes) Derive(StyleSums[] gathered, Tensor image)
    {
        var size = ImageTensor.SizeOf(image);
        List<Tensor> raw = [];
        List<StyleSums> slopes = [];
        foreach (var (term, sums) in objective.Style.Zip(gathered))
        {
            using var _ = enable_grad();
            var stride = TileGrid.StrideOf(term.Layer);
            var positions = term.Mask is { } mask ? mask.sum(ScalarType.Float64).item<double>() : (double)(size.Width / stride) * (size.Height / stride);
            var sum = sums.Sum.to(image.dtype).detach().requires_grad_();
            var products = sums.Products.to(image.dtype).detach().requires_grad_();
            var loss = StyleLoss.Of(objective.StyleLoss, LayerStatistics.FromSums(sum, products, positions), term.Target);
            var means = StyleLoss.UsesMeans(objective.StyleLoss);
            var gradients = autograd.grad([loss * term.Weight], means ? [products, sum] : [products]);
            raw.Add(loss.detach());
            slopes.Add(new StyleSums(means ? gradients[1] : zeros_like(sum), gradients[0] + gradients[0].t())); // F·Fᵀ depends on F twice
        }
        return (raw, slopes);
    }

    /// <summary>Second pass through one tile: adds its share of the gradient.</summary>
    private void GoBack(Tensor image, Tile tile, List<StyleSums> slopes, Tensor gradient)
    {
        using var scope = NewDisposeScope();
        var crop = Crop(image, tile.Rows.Outer, tile.Columns.Outer).contiguous();
        Tensor piece;
        if (network.TryForward(crop, _layers, keep: true) is { } pass)
        {
            using (pass)
            {
                var features = pass.Wanted.ToDictionary(pair => pair.Layer, pair => pair.Result.permute(0, 3, 1, 2));
                var seeds = features.ToDictionary(pair => pair.Key, pair => Seed(pair.Value, tile, pair.Key, slopes).permute(0, 2, 3, 1));
                piece = network.ToPicture(pass.Backward((layer, sum) =>
                {
                    if (seeds.TryGetValue(layer, out var seed)) sum.add_(seed);
                }));
            }
        }
        else
        {
            using var _ = enable_grad();
            var x = crop.detach().requires_grad_();
            var features = network.Forward(x, _layers).OrderBy(pair => pair.Key).ToArray();
            piece = autograd.grad(features.Select(pair => pair.Value).ToArray(), [x],
                features.Select(pair => Seed(pair.Value.detach(), tile, pair.Key, slopes)).ToArray())[0];
        }
        Crop(gradient, tile.Rows.Outer, tile.Columns.Outer).add_(piece);
    }

    /// <summary>The derivative of the total with respect to a tile's activations: 0 in the halo, which other tiles answer for.</summary>
    private Tensor Seed(Tensor features, Tile tile, VggLayer layer, List<StyleSums> slopes)
    {
        using var _ = no_grad();
        var seed = zeros_like(features);
        var (inner, own) = (Core(seed, tile, layer), Core(features, tile, layer));
        foreach (var term in objective.Content.Where(term => term.Layer == layer))
            inner.add_(own - OfWhole(term.Target, tile, layer), alpha: 2 * term.Weight * term.Factor);
        foreach (var (term, slope) in objective.Style.Zip(slopes).Where(pair => pair.First.Layer == layer))
        {
            var flat = own.flatten(2).squeeze(0); // C×M
            var share = (slope.Products.mm(flat) + slope.Sum.unsqueeze(1)).view(own.shape);
            inner.add_(term.Mask is null ? share : share * OfWhole(term.Mask, tile, layer));
        }
        return seed;
    }

    /// <summary>Total variation by strips of rows, each with the first row of the next.</summary>
    /// <returns>The raw value.</returns>
    private Tensor AddTotalVariation(Tensor image, Tensor gradient)
    {
        var (height, value) = ((int)image.shape[2], zeros([], ScalarType.Float64, image.device));
        for (var top = 0; top < height; top += core)
        {
            using var scope = NewDisposeScope();
            using var _ = enable_grad();
            var rows = Math.Min(core, height - top);
            var hasNext = top + rows < height;
            var strip = image.narrow(2, top, rows + (hasNext ? 1 : 0)).detach().requires_grad_();
            var sum = TotalVariation.SquaredSum(strip, lastRowIsOfNext: hasNext) / image.numel();
            var piece = autograd.grad([sum * objective.TotalVariationWeight], [strip])[0];
            using var __ = no_grad();
            value.add_(sum.detach().to(ScalarType.Float64));
            gradient.narrow(2, top, piece.shape[2]).add_(piece);
        }
        return value.to(image.dtype);
    }
}
