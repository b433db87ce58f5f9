using NeuralStyle.Evaluation;
using NeuralStyle.Losses;
using NeuralStyle.Masks;
using NeuralStyle.Matching;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;
using static TorchSharp.torch;

namespace NeuralStyle;

/// <summary>The losses of a picture against a content and a style, by every definition.</summary>
internal sealed record Measurement
{
    /// <summary>Content loss per layer and definition.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> Content { get; init; }

    /// <summary>Style loss per layer and definition.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> Style { get; init; }

    /// <summary>Σ|Δ| over horizontal and vertical neighbours, picture in [0, 1].</summary>
    public required double TotalVariationAbsolute { get; init; }

    /// <summary>The squared nine-point total variation, see <see cref="TotalVariation.Squared"/>.</summary>
    public required double TotalVariationSquared { get; init; }

    /// <summary>The total under the settings' weights and definitions.</summary>
    public required double Total { get; init; }

    /// <summary>Euclidean norm of the gradient of the total with respect to the picture.</summary>
    public required double GradientNorm { get; init; }

    /// <summary>Measures a picture, in float64.</summary>
    /// <param name="weights">The network's weights.</param>
    /// <param name="content">1×3×H×W in [0, 1], of the picture's size.</param>
    /// <param name="styles">1×3×h×w in [0, 1] each.</param>
    /// <param name="styleWeights">One weight for each style.</param>
    /// <param name="image">1×3×H×W in [0, 1]: the picture to measure.</param>
    /// <param name="settings">Layers, weights and definitions of the total.</param>
    /// <param name="device">Where to compute; null means the CPU.</param>
    /// <param name="opacities">1×1×h×w in [0, 1] each, what of a style counts, null entries for all of it; null for all of all.</param>
    public static Measurement Of(VggWeights weights, Tensor content, IReadOnlyList<Tensor> styles, IReadOnlyList<double> styleWeights,
        Tensor image, StyleSettings settings, Device? device = null, IReadOnlyList<Tensor?>? opacities = null)
    {
        using var scope = NewDisposeScope();
        using var network = new VggNetwork(weights, settings.NetworkFor(weights), device, ScalarType.Float64);
        Tensor On(Tensor picture) => picture.to(ScalarType.Float64, network.Device);
        var seen = opacities?.Select(opacity => opacity is null ? null : On(opacity)).ToArray() ?? [];
        var x = On(image);
        using var objective = MatchedObjective.Build(network, On(content), styles.Select(On).ToArray(), styleWeights, settings, x,
            opacities?.Any(opacity => opacity is not null) == true ? new StyleRegions(null, seen, ["all"]) : null);
        using var evaluator = new WholeImageEvaluator(network, objective);
        using var evaluated = evaluator.Evaluate(x);
        using var _ = no_grad();
        var features = network.Forward(x, objective.Layers);
        var squares = ObjectiveBuilder.StyleSquares(network, styles.Select(On).ToArray(), styleWeights,
            objective.Content.Select(term => term.Layer).ToArray(), masks: seen.Length == 0 ? null : seen);
        return new Measurement
        {
            Content = objective.Content.ToDictionary(term => $"{term.Layer}",
                term => ContentLosses(features[term.Layer], term.Target, squares[term.Layer])),
            Style = objective.Style.DistinctBy(term => term.Layer).ToDictionary(term => $"{term.Layer}",
                term => StyleLosses(LayerStatistics.Of(features[term.Layer]), term.Target)),
            TotalVariationAbsolute = TotalVariation.Absolute(x).item<double>(),
            TotalVariationSquared = TotalVariation.Squared(x).item<double>(),
            Total = evaluated.ReadTotal(),
            GradientNorm = evaluated.Gradient.norm().item<double>(),
        };
    }

    private static IReadOnlyDictionary<string, double> ContentLosses(Tensor features, Tensor target, double styleSquare)
    {
        var difference = ContentLoss.SquaredDifference(features, target).item<double>();
        return Enum.GetValues<ContentLossKind>().Where(kind => kind != ContentLossKind.SelfSimilarity)
            .ToDictionary(ValueNames.Of, kind => difference * ContentLoss.Factor(kind, target.numel(), styleSquare));
    }

    private static IReadOnlyDictionary<string, double> StyleLosses(LayerStatistics generated, LayerStatistics target) =>
        Enum.GetValues<StyleLossKind>().Where(kind => !StyleLoss.IsMatching(kind))
            .ToDictionary(ValueNames.Of, kind => StyleLoss.Of(kind, generated, target).item<double>());
}
