using System.Globalization;

namespace NeuralStyle.Settings;

/// <summary>The ranges of the settings, by the names that users know them by.</summary>
public static class SettingsLimits
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

    internal static void Check(StyleSettings s)
    {
        Range("--size", s.Size, SmallestSize, LargestSize);
        Range("--min-size", s.MinimumSize, SmallestSize, LargestSize);
        if (s.StyleSize is { } style) Range("--style-size", style, SmallestSize, LargestSize);
        Range("--scale-step", s.ScaleStep, 1.1, 16);
        Range("--bleed", s.Bleed, 0, WidestBleed);
        if (s.StyleScale.Count == 0) throw new InvalidInputException("--style-scale gives no number; expected one for all styles, or one for each");
        foreach (var scale in s.StyleScale) Range("--style-scale", scale, 0.05, 20);
        Range("--iterations", s.Iterations, 0, MostIterations);
        if (s.FirstIterations is { } first) Range("--first-iterations", first, 0, MostIterations);
        if (s.Patience is { } patience) Range("--patience", patience, 1, MostIterations);
        Range("--learning-rate", s.LearningRate, 1e-6, 10);
        Range("--history", s.History, 1, 1000);
        Range("--average", s.AverageDecay, 0, 0.9999);
        Range("--detail", s.Detail, 0, 1);
        Range("--content-weight", s.ContentWeight, 0, LargestWeight);
        Range("--strength", s.Strength, 0, 1);
        Range("--style-weight", s.StyleWeight, 0, LargestWeight);
        Range("--tv", s.TotalVariationWeight, 0, LargestWeight);
        Layers("--content-layers", s.ContentLayers);
        Layers("--style-layers", s.StyleLayers);
        if (s.ContentWeight == 0 && s.StyleWeight == 0)
            throw new InvalidInputException("--content-weight and --style-weight are both 0: there is nothing to do; give one of them a weight");
    }

    private static void Layers(string option, IReadOnlyList<LayerWeight> layers)
    {
        if (layers.Count == 0) throw new InvalidInputException($"{option} names no layer; expected for instance relu4_2 or relu1_1:1,relu2_1:0.5");
        foreach (var (layer, weight) in layers) Range($"{option} {layer}", weight, 0, LargestWeight);
        if (layers.Sum(layer => layer.Weight) <= 0) throw new InvalidInputException($"{option}: all weights are 0; give one of the layers a weight");
        if (layers.GroupBy(layer => layer.Layer).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new InvalidInputException($"{option} names {twice.Key} twice; name each layer once");
    }

    private static void Range(string option, double value, double least, double most)
    {
        if (!(value >= least && value <= most))
            throw new InvalidInputException(string.Create(CultureInfo.InvariantCulture, $"{option} is {value}; expected a number from {least} to {most}"));
    }
}
