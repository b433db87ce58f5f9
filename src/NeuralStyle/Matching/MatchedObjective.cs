using NeuralStyle.Evaluation;
using NeuralStyle.Evaluation.Tiling;
using NeuralStyle.Masks;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;
using static TorchSharp.torch;

namespace NeuralStyle.Matching;

/// <summary>The objective for the measurement of one picture: matches, if its losses need any, are those of that picture.</summary>
internal static class MatchedObjective
{
    /// <summary>Builds the objective and searches once.</summary>
    /// <param name="network">The frozen network.</param>
    /// <param name="content">1×3×H×W in [0, 1].</param>
    /// <param name="styles">1×3×h×w in [0, 1] each.</param>
    /// <param name="styleWeights">One weight for each style.</param>
    /// <param name="settings">Layers, weights and definitions.</param>
    /// <param name="picture">1×3×H×W: the picture that is measured.</param>
    /// <param name="regions">Regions and visible parts of the styles; null for whole pictures.</param>
    /// <param name="split">Whether each layer is matched by itself.</param>
    /// <returns>Owned by the caller.</returns>
    public static Objective Build(VggNetwork network, Tensor content, IReadOnlyList<Tensor> styles, IReadOnlyList<double> styleWeights,
        StyleSettings settings, Tensor picture, StyleRegions? regions = null, bool split = false)
    {
        var objective = ObjectiveBuilder.Build(network, content, styles, styleWeights, settings, regions);
        if (objective.Pulls.Count == 0) return objective;
        using var matcher = new Matcher(network, content, styles, styleWeights, settings with { MatchedContent = 0, Strength = 0.5 },
            regions, TileSize.Whole, objective.Pulls, split);
        matcher.Search(picture, split);
        return objective;
    }
}
