using System.Globalization;
using NeuralStyle.Vgg;

namespace NeuralStyle.Settings;

/// <summary>The ranges of the settings.</summary>
internal static class SettingsLimits
{
    /// <summary>Smallest long side of a picture in pixels.</summary>
    public const int SmallestSize = 32;

    /// <summary>Largest long side of a picture in pixels.</summary>
    public const int LargestSize = 65_535;

    /// <summary>Most iterations at one scale.</summary>
    public const int MostIterations = 1_000_000;

    /// <summary>Largest weight of a loss or layer.</summary>
    public const double LargestWeight = 1e12;

    /// <summary>Most pixels of <see cref="StyleSettings.Bleed"/>: layers see no further.</summary>
    public const int WidestBleed = 256;

    /// <summary>Smallest and largest factor after a pooling: beyond, nothing is left of the deeper layers, or nothing else.</summary>
    public const double SmallestPoolingScale = 0.01, LargestPoolingScale = 100;

    internal static void Check(StyleSettings s)
    {
        Range(nameof(s.Size), s.Size, SmallestSize, LargestSize);
        Range(nameof(s.MinimumSize), s.MinimumSize, SmallestSize, LargestSize);
        if (s.StyleSize is { } style) Range(nameof(s.StyleSize), style, SmallestSize, LargestSize);
        Range(nameof(s.ScaleStep), s.ScaleStep, 1.1, 16);
        Range(nameof(s.Bleed), s.Bleed, 0, WidestBleed);
        if (s.StyleScale.Count == 0)
            throw new InvalidInputException("StyleSettings.StyleScale gives no number; expected one for all styles, or one for each");
        foreach (var scale in s.StyleScale) Range(nameof(s.StyleScale), scale, 0.05, 20);
        Range(nameof(s.Iterations), s.Iterations, 0, MostIterations);
        if (s.FirstIterations is { } first) Range(nameof(s.FirstIterations), first, 0, MostIterations);
        Range(nameof(s.MiddleShare), s.MiddleShare, 0, 1);
        if (s.Patience is { } patience) Range(nameof(s.Patience), patience, 1, MostIterations);
        Range(nameof(s.LearningRate), s.LearningRate, 1e-6, 10);
        Range(nameof(s.History), s.History, 1, 1000);
        Range(nameof(s.AverageDecay), s.AverageDecay, 0, 0.9999);
        Range(nameof(s.Detail), s.Detail, 0, 1);
        Range(nameof(s.ContentWeight), s.ContentWeight, 0, LargestWeight);
        Range(nameof(s.Strength), s.Strength, 0, 1);
        Range(nameof(s.StyleWeight), s.StyleWeight, 0, LargestWeight);
        Range(nameof(s.TotalVariationWeight), s.TotalVariationWeight, 0, LargestWeight);
        Range(nameof(s.PhotorealismWeight), s.PhotorealismWeight, 0, LargestWeight);
        Range(nameof(s.SelfSimilarityWeight), s.SelfSimilarityWeight, 0, LargestWeight);
        if (s.PoolingScale is { } pooling) Range(nameof(s.PoolingScale), pooling, SmallestPoolingScale, LargestPoolingScale);
        Layers(nameof(s.ContentLayers), s.ContentLayers);
        Layers(nameof(s.SelfSimilarityLayers), s.SelfSimilarityLayers);
        Layers(nameof(s.StyleLayers), s.StyleLayers);
        Layers(nameof(s.SecondStyleLayers), s.SecondStyleLayers);
        Range(nameof(s.SecondStyleWeight), s.SecondStyleWeight, 0, LargestWeight);
        Range(nameof(s.MatchEvery), s.MatchEvery, 1, MostIterations);
        Range(nameof(s.MatchedContent), s.MatchedContent, 0, 1);
        Range(nameof(s.MatchSplit), s.MatchSplit, 0, 1);
        if (s.SecondStyleLoss is { } second && Losses.StyleLoss.IsMatching(second) && Losses.StyleLoss.IsMatching(s.StyleLoss))
            throw new InvalidInputException("StyleSettings.StyleLoss and StyleSettings.SecondStyleLoss both match positions; let one of "
                + "them compare statistics, for instance relative-w2");
        if (s.SelfSimilarityWeight != 0 && s.ContentLoss == Losses.ContentLossKind.SelfSimilarity)
            throw new InvalidInputException("StyleSettings.SelfSimilarityWeight and StyleSettings.ContentLoss self-similarity are the same "
                + "loss twice; leave one of them out");
        if (s.PhotorealismWeight != 0 && s.Padding == PaddingMode.Circular)
            throw new InvalidInputException("StyleSettings.PhotorealismWeight and StyleSettings.Padding circular contradict each other: a "
                + "photograph does not repeat; leave one of them out");
        if (!s.WeighsContent && s.StyleWeight == 0)
            throw new InvalidInputException(
                "StyleSettings.ContentWeight and StyleSettings.StyleWeight are both 0: there is nothing to do; give one of them a weight");
    }

    private static void Layers(string property, IReadOnlyList<LayerWeight> layers)
    {
        if (layers.Count == 0)
            throw new InvalidInputException(
                $"StyleSettings.{property} names no layer; expected for instance relu4_2 or relu1_1:1,relu2_1:0.5");
        foreach (var (layer, weight) in layers) Range($"{property} {layer}", weight, 0, LargestWeight);
        if (layers.Sum(layer => layer.Weight) <= 0)
            throw new InvalidInputException($"StyleSettings.{property}: all weights are 0; give at least one layer a weight above 0");
        if (layers.GroupBy(layer => layer.Layer).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new InvalidInputException($"StyleSettings.{property} names {twice.Key} twice; name each layer once");
    }

    private static void Range(string property, double value, double least, double most)
    {
        if (!(value >= least && value <= most))
            throw new InvalidInputException(string.Create(CultureInfo.InvariantCulture,
                $"StyleSettings.{property} is {value}; expected a number from {least} to {most}"));
    }
}
