using NeuralStyle.Evaluation.Tiling;
using NeuralStyle.Imaging;
using NeuralStyle.Losses;
using NeuralStyle.Masks;
using NeuralStyle.Runtime;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;
using static TorchSharp.torch;

namespace NeuralStyle.Evaluation;

/// <summary>Computes the targets of one scale from the content and style pictures.</summary>
internal static class ObjectiveBuilder
{
    private const double LargestHalf = 65504;

    /// <summary>Builds the objective. Terms with weight 0 are left out, and their targets are not computed.</summary>
    /// <param name="network">The frozen network.</param>
    /// <param name="content">1×3×H×W in [0, 1] at the size of the scale, on the network's device.</param>
    /// <param name="styles">1×3×h×w in [0, 1] each, at their sizes for the scale.</param>
    /// <param name="styleWeights">One weight for each style.</param>
    /// <param name="settings">Layers, weights and definitions.</param>
    /// <param name="regions">Regions with separate styles; null for one style of the whole picture.</param>
    /// <param name="tiles">How pictures are cut; null for whole pictures. The targets are the same.</param>
    /// <param name="half">Whether the content's activations are kept in half precision: VGG-19's take 32 bytes for each pixel in float32,
    /// nearly three pictures.</param>
    /// <returns>Owned by the caller.</returns>
    public static Objective Build(VggNetwork network, Tensor content, IReadOnlyList<Tensor> styles, IReadOnlyList<double> styleWeights,
        StyleSettings settings, StyleRegions? regions = null, TileSize? tiles = null, bool half = false) =>
        Build(network, content, Targets(network, styles, styleWeights, settings, regions, tiles), settings, tiles, half);

    /// <summary>Builds the objective of a picture from the targets of its styles.</summary>
    /// <param name="network">The frozen network.</param>
    /// <param name="content">1×3×H×W in [0, 1] at the size of the scale, on the network's device.</param>
    /// <param name="targets">What <see cref="Targets"/> computed.</param>
    /// <param name="settings">Layers, weights and definitions.</param>
    /// <param name="tiles">How the picture is cut; null for the whole picture.</param>
    /// <param name="half">Whether the content's activations are kept in half precision.</param>
    /// <param name="shared">Whether the targets belong to others too; if not, they belong to the objective.</param>
    /// <returns>Owned by the caller.</returns>
    public static Objective Build(VggNetwork network, Tensor content, StyleTargets targets, StyleSettings settings,
        TileSize? tiles = null, bool half = false, bool shared = false)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        tiles ??= TileSize.Whole;
        var resembles = settings.ContentLoss == ContentLossKind.SelfSimilarity;
        return new Objective
        {
            Content = resembles ? [] : ContentTerms(network, content, targets, settings, tiles, half ? ScalarType.Float16 : content.dtype),
            Similarities = Similarities(network, content, tiles, Weighted(settings.ComparedLayers,
                resembles ? settings.StrengthenedContentWeight * network.ContentFactor : settings.StrengthenedSelfSimilarityWeight)),
            Style = targets.Terms,
            SharesStyle = shared,
            Pulls = Definitions(settings).Where(of => StyleLoss.IsMatching(of.Kind))
                .SelectMany(definition => Weighted(definition.Layers, definition.Weight)
                    .Select(of => new PullTerm(of.Layer, of.Weight, definition.Kind))).ToArray(),
            TotalVariationWeight = settings.TotalVariationWeight,
            Photorealism = settings.PhotorealismWeight == 0 ? null : new MattingLaplacian(content),
            PhotorealismWeight = settings.PhotorealismWeight,
        };
    }

    /// <summary>Computes what the objective of every picture of a size takes from the styles.</summary>
    /// <param name="network">The frozen network.</param>
    /// <param name="styles">1×3×h×w in [0, 1] each, at their sizes for the scale.</param>
    /// <param name="styleWeights">One weight for each style.</param>
    /// <param name="settings">Layers, weights and definitions.</param>
    /// <param name="regions">Regions with separate styles; null for one style of the whole picture.</param>
    /// <param name="tiles">How pictures are cut; null for whole pictures. The targets are the same.</param>
    /// <returns>Owned by the caller.</returns>
    public static StyleTargets Targets(VggNetwork network, IReadOnlyList<Tensor> styles, IReadOnlyList<double> styleWeights,
        StyleSettings settings, StyleRegions? regions = null, TileSize? tiles = null)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        tiles ??= TileSize.Whole;
        var wanted = settings.ContentLoss == ContentLossKind.SelfSimilarity
            ? []
            : ContentLayers(network, settings).Select(layer => layer.Layer).ToArray();
        var squares = settings.ContentLoss == ContentLossKind.Relative
            ? StyleSquares(network, styles, styleWeights, wanted, tiles, regions is { Content: null } ? regions.Styles : null)
            : wanted.ToDictionary(layer => layer, _ => 1.0);
        var terms = Definitions(settings).Where(of => !StyleLoss.IsMatching(of.Kind))
            .SelectMany(of => StyleTerms(network, styles, styleWeights, settings, of, regions, tiles)).ToArray();
        return new StyleTargets(terms, squares);
    }

    /// <summary>The style losses of the settings: one, or two that are added.</summary>
    private static IEnumerable<StyleDefinition> Definitions(StyleSettings settings)
    {
        yield return new StyleDefinition(settings.StyleLoss, settings.StyleLayers, settings.StyleWeight);
        if (settings.SecondStyleLoss is { } second)
            yield return new StyleDefinition(second, settings.SecondStyleLayers, settings.SecondStyleWeight);
    }

    /// <summary>A definition of the style loss with its layers and weight.</summary>
    private sealed record StyleDefinition(StyleLossKind Kind, IReadOnlyList<LayerWeight> Layers, double Weight);

    /// <summary>Layers with a weight, each weight divided by the sum of all and multiplied by the weight of the loss.</summary>
    internal static IReadOnlyList<LayerWeight> Weighted(IReadOnlyList<LayerWeight> layers, double weight)
    {
        var sum = layers.Sum(layer => layer.Weight);
        return layers.Where(layer => layer.Weight * weight != 0)
            .Select(layer => layer with { Weight = layer.Weight * weight / sum })
            .OrderBy(layer => layer.Layer)
            .ToArray();
    }

    /// <summary>
    /// mean S² of a layer's activations over the styles, averaged by weight: the divisor of relative content losses.
    /// </summary>
    /// <param name="network">The frozen network.</param>
    /// <param name="styles">1×3×h×w in [0, 1] each.</param>
    /// <param name="styleWeights">One weight for each.</param>
    /// <param name="layers">Layers wanted.</param>
    /// <param name="tiles">How pictures are cut; null takes them whole.</param>
    /// <param name="masks">1×1×h×w weights of the positions of each style; null counts each once.</param>
    internal static Dictionary<VggLayer, double> StyleSquares(VggNetwork network, IReadOnlyList<Tensor> styles,
        IReadOnlyList<double> styleWeights, IReadOnlyCollection<VggLayer> layers, TileSize? tiles = null,
        IReadOnlyList<Tensor?>? masks = null)
    {
        using var _ = no_grad();
        var squares = layers.ToDictionary(layer => layer, _ => 0.0);
        for (var i = 0; i < styles.Count; i++)
        {
            var size = ImageTensor.SizeOf(styles[i]);
            using var scope = NewDisposeScope();
            var seen = masks?[i] is { } mask ? layers.ToDictionary(layer => layer, layer => MaskPyramid.At(mask, layer)) : null; // 1×1×h×w
            TiledForward.Run(network, styles[i], layers, tiles ?? TileSize.Whole, (layer, features, tile) =>
            {
                var stride = layer.Stride;
                var positions = seen is null
                    ? (double)(size.Width / stride) * (size.Height / stride)
                    : Math.Max(1e-6, FixedSums.Sum(seen[layer].to(ScalarType.Float64)).item<double>());
                var energy = seen is null ? features.square() : features.square().mul_(TiledForward.OfWhole(seen[layer], tile, layer));
                squares[layer] += FixedSums.Sum(energy.to(ScalarType.Float64)).item<double>() / (positions * features.shape[1])
                    * styleWeights[i] / styleWeights.Sum();
            });
        }
        return squares;
    }

    /// <summary>
    /// Weights by which losses that grow with a power of the activations are as large as with the network that they were published for.
    /// </summary>
    private static IReadOnlyList<LayerWeight> Rescaled(VggNetwork network, IReadOnlyList<LayerWeight> layers, int power)
    {
        if (layers.Count == 0) return layers;
        var scales = PublishedScale.Of(network, layers.Select(layer => layer.Layer).ToArray());
        return layers.Select(layer => layer with { Weight = layer.Weight / Math.Pow(scales[layer.Layer], power) }).ToArray();
    }

    private static IReadOnlyList<LayerWeight> ContentLayers(VggNetwork network, StyleSettings settings)
    {
        var layers = Weighted(settings.ContentLayers, settings.StrengthenedContentWeight * network.ContentFactor);
        return settings is { RescaleClassicLosses: true, ContentLoss: ContentLossKind.Gatys }
            ? Rescaled(network, layers, power: 2) // Σ(F−P)²
            : layers;
    }

    private static List<ContentTerm> ContentTerms(VggNetwork network, Tensor content, StyleTargets styles, StyleSettings settings,
        TileSize tiles, ScalarType kept)
    {
        var layers = ContentLayers(network, settings);
        var wanted = layers.Select(layer => layer.Layer).ToArray();
        var targets = wanted.ToDictionary(layer => layer, layer => network.Reserve(layer, content.shape[2], content.shape[3], kept));
        TiledForward.Run(network, content, wanted, tiles, (layer, features, tile) => TiledForward.OfWhole(targets[layer], tile, layer)
            .copy_(kept == ScalarType.Float16 ? features.clamp_max(LargestHalf) : features));
        return layers.Select(layer =>
        {
            var target = targets[layer.Layer];
            return new ContentTerm(layer.Layer, layer.Weight, target.DetachFromDisposeScope(),
                ContentLoss.Factor(settings.ContentLoss, target.numel(), styles.Squares[layer.Layer]));
        }).ToList();
    }

    private static List<SimilarityTerm> Similarities(VggNetwork network, Tensor content, TileSize tiles, IReadOnlyList<LayerWeight> layers)
    {
        if (layers.Count == 0) return [];
        var terms = layers.Select(layer =>
        {
            var stride = layer.Layer.Stride;
            var places = SelfSimilarity.Places(content.shape[2] / stride, content.shape[3] / stride, content.device);
            return new SimilarityTerm(layer.Layer, layer.Weight, places.DetachFromDisposeScope(), zeros(0));
        }).ToList();
        var found = terms.Select(term =>
            empty([term.Places.shape[0], network.Channels(term.Layer)], content.dtype, content.device)).ToList();
        TiledForward.Run(network, content, terms.Select(term => term.Layer).ToArray(), tiles, (layer, features, tile) =>
        {
            var at = terms.FindIndex(term => term.Layer == layer);
            var (which, where) = terms[at].Inside(content.shape[3], tile);
            found[at].index_copy_(0, which, Positions.Of(features).index_select(0, where));
        });
        return terms.Zip(found, (term, places) =>
            term with { Target = SelfSimilarity.Distances(places).DetachFromDisposeScope() }).ToList();
    }

    private static List<StyleTerm> StyleTerms(VggNetwork network, IReadOnlyList<Tensor> styles, IReadOnlyList<double> styleWeights,
        StyleSettings settings, StyleDefinition definition, StyleRegions? regions, TileSize tiles)
    {
        var layers = Weighted(definition.Layers, definition.Weight);
        if (settings.RescaleClassicLosses && definition.Kind == StyleLossKind.Gatys)
            layers = Rescaled(network, layers, power: 4); // Σ(G−A)², and G is of F²
        var wanted = layers.Select(layer => layer.Layer).ToArray();
        if (regions?.Content is not { } content)
        {
            var whole = styles.Select((style, i) => StatisticsOf(network, style, wanted, regions?.Styles[i], tiles)[0]).ToList();
            return layers.Select(layer => new StyleTerm(layer.Layer, layer.Weight,
                LayerStatistics.Average(whole.Select(of => of[layer.Layer]).ToList(), styleWeights).Detached(),
                Kind: definition.Kind)).ToList();
        }

        // [style][region][layer]
        var statistics = styles.Select((style, i) => StatisticsOf(network, style, wanted, regions.Styles[i], tiles)).ToList();
        List<StyleTerm> terms = [];
        foreach (var layer in layers)
        {
            using var masks = MaskPyramid.At(content, layer.Layer);
            foreach (var (region, share) in regions.Present())
            {
                var weights = styleWeights.Select((weight, i) => regions.Has(i, region) ? weight : 0).ToArray();
                var target = LayerStatistics.Average(statistics.Select(of => of[of.Count == 1 ? 0 : region][layer.Layer])
                    .ToList(), weights);
                terms.Add(new StyleTerm(layer.Layer, layer.Weight * share, target.Detached(),
                    new WeightedMask(masks.narrow(0, region, 1).clone().DetachFromDisposeScope()), regions.Names[region], definition.Kind));
            }
        }
        return terms;
    }

    /// <summary>Statistics of one style picture: one entry per region of its mask, or one for the whole.</summary>
    private static List<Dictionary<VggLayer, LayerStatistics>> StatisticsOf(VggNetwork network, Tensor style,
        IReadOnlyCollection<VggLayer> layers, Tensor? mask, TileSize tiles)
    {
        using var scope = NewDisposeScope(); // the activations of one style at a time
        var regions = mask is null ? 1 : (int)mask.shape[0];
        var masks = mask is null ? null : layers.ToDictionary(layer => layer, layer => MaskPyramid.At(mask, layer)); // R×1×h×w
        var sums = Enumerable.Range(0, regions).Select(_ => layers.ToDictionary(layer => layer, layer => (
            Sum: zeros([network.Channels(layer)], ScalarType.Float64, style.device),
            Products: zeros([network.Channels(layer), network.Channels(layer)], ScalarType.Float64, style.device)))).ToList();
        TiledForward.Run(network, style, layers, tiles, (layer, features, tile) =>
        {
            for (var region = 0; region < regions; region++)
            {
                var weights = masks is null ? null : TiledForward.OfWhole(masks[layer].narrow(0, region, 1), tile, layer);
                LayerStatistics.AddSums(features, weights, sums[region][layer].Sum, sums[region][layer].Products);
            }
        }, network.Options.StylePadding);
        return sums.Select((of, region) => layers.ToDictionary(layer => layer, layer =>
        {
            var stride = layer.Stride;
            var positions = masks is null
                ? (double)(style.shape[2] / stride) * (style.shape[3] / stride)
                : FixedSums.Sum(masks[layer].narrow(0, region, 1).to(ScalarType.Float64)).item<double>();
            var statistics = LayerStatistics.FromSums(of[layer].Sum.to(style.dtype), of[layer].Products.to(style.dtype), positions);
            return new LayerStatistics(statistics.Mean.MoveToOuterDisposeScope(), statistics.SecondMoment.MoveToOuterDisposeScope());
        })).ToList();
    }
}
