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
    /// <returns>Owned by the caller.</returns>
    public static Objective Build(VggNetwork network, Tensor content, IReadOnlyList<Tensor> styles, IReadOnlyList<double> styleWeights, StyleSettings settings)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        return new Objective
        {
            Content = ContentTerms(network, content, settings),
            Style = StyleTerms(network, styles, styleWeights, settings),
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

    private static List<ContentTerm> ContentTerms(VggNetwork network, Tensor content, StyleSettings settings)
    {
        var layers = Weighted(settings.ContentLayers, settings.ContentWeight);
        var features = network.Forward(content, layers.Select(layer => layer.Layer).ToArray());
        return layers.Select(layer =>
        {
            var target = features[layer.Layer];
            var squares = target.square().sum(ScalarType.Float64).item<double>();
            return new ContentTerm(layer.Layer, layer.Weight, target.DetachFromDisposeScope(), ContentLoss.Factor(settings.ContentLoss, target.numel(), squares));
        }).ToList();
    }

    private static List<StyleTerm> StyleTerms(VggNetwork network, IReadOnlyList<Tensor> styles, IReadOnlyList<double> styleWeights, StyleSettings settings)
    {
        var layers = Weighted(settings.StyleLayers, settings.StyleWeight);
        var statistics = styles.Select(style => StatisticsOf(network, style, layers.Select(layer => layer.Layer).ToArray())).ToList();
        return layers.Select(layer => new StyleTerm(layer.Layer, layer.Weight,
            LayerStatistics.Average(statistics.Select(of => of[layer.Layer]).ToList(), styleWeights).Detached())).ToList();
    }

    private static Dictionary<VggLayer, LayerStatistics> StatisticsOf(VggNetwork network, Tensor style, IReadOnlyCollection<VggLayer> layers)
    {
        using var scope = NewDisposeScope(); // the activations of one style at a time
        var statistics = new Dictionary<VggLayer, LayerStatistics>();
        foreach (var (layer, features) in network.Forward(style, layers))
        {
            var of = LayerStatistics.Of(features);
            statistics.Add(layer, new LayerStatistics(of.Mean.MoveToOuterDisposeScope(), of.SecondMoment.MoveToOuterDisposeScope()));
        }
        return statistics;
    }
}
