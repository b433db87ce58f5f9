using NeuralStyle.Evaluation;
using NeuralStyle.Losses;
using NeuralStyle.Masks;
using NeuralStyle.Matching;
using NeuralStyle.Measures;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle;

/// <summary>The losses of a picture against a content and a style, by every definition.</summary>
internal sealed record Measurement
{
    /// <summary>The layers of the paper's VGG; relu5_3 is missing, because it is in few of the networks that nst reads.</summary>
    private static readonly VggLayer[] s_perceived = [new(1, 2), new(2, 2), new(3, 3), new(4, 3)];

    private static readonly VggLayer s_structured = new(3, 1);

    /// <summary>See <see cref="Measures.StructuralSimilarity"/>: to the content, 1 for the content itself.</summary>
    public required double StructuralSimilarity { get; init; }

    /// <summary>See <see cref="Measures.PatchDistance"/>: to the style, averaged by weight, 0 for the style itself.</summary>
    public required double PatchDistance { get; init; }

    /// <summary>See <see cref="Measures.PerceptualDistance"/>: to the content; null if the network lacks its layers.</summary>
    public required double? PerceptualDistance { get; init; }

    /// <summary>See <see cref="Measures.FeatureStructure"/>: to the content; null if the network lacks its layer.</summary>
    public required double? FeatureStructure { get; init; }

    /// <summary>Content loss per layer and definition.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> Content { get; init; }

    /// <summary>Style loss per layer and definition.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> Style { get; init; }

    /// <summary>Σ|Δ| over horizontal and vertical neighbours, picture in [0, 1].</summary>
    public required double TotalVariationAbsolute { get; init; }

    /// <summary>The squared nine-point total variation, see <see cref="TotalVariation.Squared"/>.</summary>
    public required double TotalVariationSquared { get; init; }

    /// <summary>The photorealism loss, see <see cref="MattingLaplacian"/>: 0 where colours are nearby an affine function of the
    /// content's.</summary>
    public required double Photorealism { get; init; }

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
        var (x, photograph) = (On(image), On(content));
        var paintings = styles.Select(On).ToArray();
        var visible = opacities?.Any(opacity => opacity is not null) == true ? new StyleRegions(null, seen, ["all"]) : null;
        Objective Build(StyleSettings with) => MatchedObjective.Build(network, photograph, paintings, styleWeights, with, x, visible);
        using var objective = Build(settings);
        using var evaluator = new WholeImageEvaluator(network, objective);
        using var evaluated = evaluator.Evaluate(x);
        using var _ = no_grad();
        var contents = settings.ContentLayers.Where(layer => layer.Weight * settings.ContentWeight != 0)
            .Concat(settings.SelfSimilarityLayers.Where(layer => layer.Weight * settings.SelfSimilarityWeight != 0))
            .Select(layer => layer.Layer).Distinct().Order().ToArray();
        var perceived = s_perceived.Where(network.Layers.Contains).ToArray();
        var structured = network.Layers.Contains(s_structured);
        var judged = structured ? perceived.Append(s_structured).ToArray() : perceived;
        var targets = network.Forward(photograph, contents.Union(judged).ToArray());
        var squares = ObjectiveBuilder.StyleSquares(network, paintings, styleWeights, contents, masks: seen.Length == 0 ? null : seen);
        // every definition, whatever the total consists of: statistics, and one search for both losses that match positions
        using var every = Build(settings with
        {
            ContentWeight = 0,
            SelfSimilarityWeight = 0,
            TotalVariationWeight = 0,
            PhotorealismWeight = 0,
            StyleWeight = 1,
            StyleLoss = StyleLossKind.Gram,
            SecondStyleWeight = 1,
            SecondStyleLoss = StyleLossKind.Remd,
            SecondStyleLayers = settings.StyleLayers,
        });
        var features = network.Forward(x, every.Layers.Union(contents).Union(judged).ToArray());
        return new Measurement
        {
            StructuralSimilarity = Measures.StructuralSimilarity.Of(x, photograph),
            PatchDistance = paintings.Zip(styleWeights, (style, weight) => weight * Measures.PatchDistance.Of(x, style)).Sum()
                / styleWeights.Sum(),
            PerceptualDistance = perceived.Length == 0
                ? null
                : Measures.PerceptualDistance.Of(perceived.Select(layer => (features[layer], targets[layer]))),
            FeatureStructure = structured ? Structure(features[s_structured], targets[s_structured]) : null,
            Content = contents.ToDictionary(layer => $"{layer}", layer => ContentLosses(features[layer], targets[layer], squares[layer])),
            Style = every.Style.Zip(every.Pulls).ToDictionary(terms => $"{terms.First.Layer}",
                terms => StyleLosses(features[terms.First.Layer], terms.First.Target, terms.Second)),
            TotalVariationAbsolute = TotalVariation.Absolute(x).item<double>(),
            TotalVariationSquared = TotalVariation.Squared(x).item<double>(),
            Photorealism = Realism(x, photograph),
            Total = evaluated.ReadTotal(),
            GradientNorm = evaluated.Gradient.norm().item<double>(),
        };
    }

    private static IReadOnlyDictionary<string, double> ContentLosses(Tensor features, Tensor target, double styleSquare)
    {
        var difference = ContentLoss.SquaredDifference(features, target).item<double>();
        return Enum.GetValues<ContentLossKind>().Where(kind => kind != ContentLossKind.SelfSimilarity)
            .ToDictionary(ValueNames.Of, kind => difference * ContentLoss.Factor(kind, target.numel(), styleSquare))
            .Append(KeyValuePair.Create(ValueNames.Of(ContentLossKind.SelfSimilarity), Similarity(features, target))).ToDictionary();
    }

    private static double Realism(Tensor picture, Tensor content)
    {
        using var laplacian = new MattingLaplacian(content);
        return laplacian.AddGradient(picture, zeros_like(picture), 0).ToDouble();
    }

    private static double Similarity(Tensor features, Tensor target)
    {
        var (picture, content) = AtPlaces(features, target, SelfSimilarity.MostPlaces);
        return SelfSimilarity.Of(picture, SelfSimilarity.Distances(content)).ToDouble();
    }

    private static double Structure(Tensor features, Tensor target)
    {
        var (picture, content) = AtPlaces(features, target, Measures.FeatureStructure.MostPlaces);
        return Measures.FeatureStructure.Of(picture, content);
    }

    /// <summary>Two layers at the places whose similarities to each other are compared: n×C each.</summary>
    private static (Tensor Picture, Tensor Content) AtPlaces(Tensor features, Tensor target, int most)
    {
        var places = SelfSimilarity.Places(features.shape[2], features.shape[3], features.device, most);
        Tensor At(Tensor of) => Positions.Of(of).index_select(0, places);
        return (At(features), At(target));
    }

    private static IReadOnlyDictionary<string, double> StyleLosses(Tensor features, LayerStatistics target, PullTerm remd)
    {
        var generated = LayerStatistics.Of(features);
        Tensor Loss(StyleLossKind kind) => kind switch
        {
            StyleLossKind.Nearest => PullGathering.Of(remd.Layer, remd.Targets with { Back = null }, features), // one direction of it
            StyleLossKind.Remd => PullGathering.Of(remd.Layer, remd.Targets, features),
            _ => StyleLoss.Of(kind, generated, target),
        };
        return Enum.GetValues<StyleLossKind>().ToDictionary(ValueNames.Of, kind => Loss(kind).item<double>());
    }
}
