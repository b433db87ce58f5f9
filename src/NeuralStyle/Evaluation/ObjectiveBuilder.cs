using NeuralStyle.Control;
using NeuralStyle.Losses;
using NeuralStyle.Vgg;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Evaluation;

/// <summary>Computes the targets of one scale from the content and style pictures.</summary>
public static class ObjectiveBuilder
{
    /// <summary>Builds the objective. Terms whose weight is 0 are left out and their targets never computed.</summary>
    /// <param name="network">The frozen network.</param>
    /// <param name="content">1×3×H×W in [0, 1] at the size of the scale, on the network's device.</param>
    /// <param name="styles">1×3×h×w in [0, 1] each, at their sizes for the scale.</param>
    /// <param name="styleWeights">One weight for each style.</param>
    /// <param name="settings">Layers, weights and definitions.</param>
    /// <param name="regions">Regions with styles of their own; null styles the whole picture alike.</param>
    /// <returns>Owned by the caller.</returns>
    public static Objective Build(VggNetwork network, Tensor content, IReadOnlyList<Tensor> styles, IReadOnlyList<double> styleWeights, StyleSettings settings, StyleRegions? regions = null)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        return new Objective
        {
            Content = ContentTerms(network, content, styles, styleWeights, settings),
            Style = StyleTerms(network, styles, styleWeights, settings, regions),
            StyleLoss = settings.StyleLoss,
            TotalVariationWeight = settings.TotalVariationWeight,
        };
    }

    /// <summary>Layers with a weight, each weight divided by the sum of all and multiplied by the weight of the loss.</summary>
    internal static IReadOnlyList<LayerWeight> Weighted(IReadOnlyList<LayerWeight> layers, double weight)
    {
        var sum = layers.Sum(layer => layer.Weight);
        return layers.Where(layer => layer.Weight * weight != 0).Select(layer => layer with { Weight = layer.Weight * weight / sum }).OrderBy(layer => layer.Layer).ToArray();
    }

    /// <summary>mean S² of a layer's activations over the styles, averaged by weight: what relative content losses are divided by.</summary>
    internal static Dictionary<VggLayer, double> StyleSquares(VggNetwork network, IReadOnlyList<Tensor> styles, IReadOnlyList<double> styleWeights, IReadOnlyCollection<VggLayer> layers)
    {
        using var _ = no_grad();
        var squares = layers.ToDictionary(layer => layer, _ => 0.0);
        for (var i = 0; i < styles.Count; i++)
        {
            using var scope = NewDisposeScope();
            foreach (var (layer, features) in network.Forward(styles[i], layers))
                squares[layer] += features.square().mean([], type: ScalarType.Float64).item<double>() * styleWeights[i] / styleWeights.Sum();
        }
        return squares;
    }

    private static List<ContentTerm> ContentTerms(VggNetwork network, Tensor content, IReadOnlyList<Tensor> styles, IReadOnlyList<double> styleWeights, StyleSettings settings)
    {
        var layers = Weighted(settings.ContentLayers, settings.StrengthenedContentWeight * network.ContentFactor);
        var wanted = layers.Select(layer => layer.Layer).ToArray();
        var squares = settings.ContentLoss == ContentLossKind.Relative ? StyleSquares(network, styles, styleWeights, wanted) : wanted.ToDictionary(layer => layer, _ => 1.0);
        var features = network.Forward(content, wanted);
        return layers.Select(layer =>
        {
            var target = features[layer.Layer];
            return new ContentTerm(layer.Layer, layer.Weight, target.DetachFromDisposeScope(), ContentLoss.Factor(settings.ContentLoss, target.numel(), squares[layer.Layer]));
        }).ToList();
    }

    private static List<StyleTerm> StyleTerms(VggNetwork network, IReadOnlyList<Tensor> styles, IReadOnlyList<double> styleWeights, StyleSettings settings, StyleRegions? regions)
    {
        var layers = Weighted(settings.StyleLayers, settings.StyleWeight);
        var wanted = layers.Select(layer => layer.Layer).ToArray();
        if (regions is null)
        {
            var whole = styles.Select(style => StatisticsOf(network, style, wanted, null)[0]).ToList();
            return layers.Select(layer => new StyleTerm(layer.Layer, layer.Weight,
                LayerStatistics.Average(whole.Select(of => of[layer.Layer]).ToList(), styleWeights).Detached())).ToList();
        }

        var statistics = styles.Select((style, i) => StatisticsOf(network, style, wanted, regions.Styles[i])).ToList(); // [style][region][layer]
        List<StyleTerm> terms = [];
        foreach (var layer in layers)
        {
            using var masks = MaskPyramid.At(regions.Content, layer.Layer);
            foreach (var (region, share) in regions.Present())
            {
                var weights = styleWeights.Select((weight, i) => regions.Has(i, region) ? weight : 0).ToArray();
                var target = LayerStatistics.Average(statistics.Select(of => of[of.Count == 1 ? 0 : region][layer.Layer]).ToList(), weights);
                terms.Add(new StyleTerm(layer.Layer, layer.Weight * share, target.Detached(), masks.narrow(0, region, 1).clone().DetachFromDisposeScope(), regions.Names[region]));
            }
        }
        return terms;
    }

    /// <summary>Statistics of one style picture: one entry per region of its mask, or one for the whole.</summary>
    private static List<Dictionary<VggLayer, LayerStatistics>> StatisticsOf(VggNetwork network, Tensor style, IReadOnlyCollection<VggLayer> layers, Tensor? mask)
    {
        using var scope = NewDisposeScope(); // the activations of one style at a time
        var regions = mask is null ? 1 : (int)mask.shape[0];
        var statistics = Enumerable.Range(0, regions).Select(_ => new Dictionary<VggLayer, LayerStatistics>()).ToList();
        var padding = network.Options.Padding == PaddingMode.Circular ? PaddingMode.Replicate : network.Options.Padding; // a style seldom tiles: its seam must not become part of it
        foreach (var (layer, features) in network.Forward(style, layers, padding))
        {
            using var masks = mask is null ? null : MaskPyramid.At(mask, layer);
            for (var region = 0; region < regions; region++)
            {
                var of = LayerStatistics.Of(features, masks?.narrow(0, region, 1));
                statistics[region].Add(layer, new LayerStatistics(of.Mean.MoveToOuterDisposeScope(), of.SecondMoment.MoveToOuterDisposeScope()));
            }
        }
        return statistics;
    }
}
