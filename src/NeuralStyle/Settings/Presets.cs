using NeuralStyle.Losses;
using NeuralStyle.Vgg;

namespace NeuralStyle.Settings;

/// <summary>A named set of settings.</summary>
/// <param name="Name">The name that users give.</param>
/// <param name="Description">One line about its use.</param>
/// <param name="Settings">The settings.</param>
public sealed record Preset(string Name, string Description, StyleSettings Settings);

/// <summary>The presets: variations of the defaults in <see cref="StyleSettings"/>, all in this one place.</summary>
public static class Presets
{
    /// <summary>All presets, the default one first.</summary>
    public static IReadOnlyList<Preset> All { get; } =
    [
        Make("default", "best-looking result in reasonable time: relative Wasserstein-2 style loss, coarse to fine, L-BFGS",
            new StyleSettings()),
        Make("fast", "a quick look: a quarter of the iterations", new StyleSettings { FirstIterations = 15, Iterations = 15 }),
        Make("gatys", "the original method of Gatys, Ecker and Bethge (2016): one scale, L-BFGS, squared differences", new StyleSettings
        {
            MinimumSize = SettingsLimits.LargestSize, // one scale
            Optimizer = OptimizerKind.Lbfgs,
            History = 20,
            Iterations = 500,
            FirstIterations = null,
            StyleLayers = new StyleSettings().StyleLayers.Select(layer => layer with { Weight = 1 }).ToArray(),
            StyleLoss = StyleLossKind.Gatys,
            ContentLoss = ContentLossKind.Gatys,
            ContentWeight = 1e-3, // alpha / beta as in figure 3 of the paper
            TotalVariationWeight = 0,
            Padding = PaddingMode.Zero,
            Pooling = Pooling.Average, // as in the paper's pictures; its other variant has Pooling.Max
            PoolingScale = 1,
            RescaleClassicLosses = true,
            Start = StartImage.Parse("noise"),
            Bleed = 0,
        }),
        Make("best", "final prints: matched positions and self-similarity besides statistics, and more iterations; slow", new StyleSettings
        {
            FirstIterations = 100,
            Iterations = 100,
            MiddleShare = 1,
            StyleWeight = 4, // nearly all of it for the first two layers: matched positions alone lose colours
            StyleLayers = Layers(512, 256, 20, 2, 0.8),
            SelfSimilarityWeight = 0.05,
            SecondStyleLoss = StyleLossKind.Remd,
            SecondStyleWeight = 0.1,
        }),
        Make("crowson", "the published settings of style-transfer-pytorch: Adam, Wasserstein-2, averaged iterate; slow", new StyleSettings
        {
            ScaleStep = Math.Sqrt(2),
            FirstIterations = 1000,
            Iterations = 500,
            MiddleShare = 1,
            Optimizer = OptimizerKind.Adam,
            LearningRate = 0.02,
            AverageDecay = 0.99,
            StyleLoss = StyleLossKind.W2,
            StyleLayers = Layers(256, 64, 16, 4, 1),
            ContentLoss = ContentLossKind.MeanSquare,
            ContentWeight = 0.015,
            TotalVariationWeight = 2,
            Padding = PaddingMode.Replicate,
            Pooling = Pooling.Max,
            Detail = 0,
            Bleed = 0,
        }),
        Make("nnst",
            "nearest positions of the style instead of statistics (Kolkin et al. 2022): real strokes, freer forms",
            new StyleSettings
        {
            MinimumSize = 64,
            Iterations = 100,
            FirstIterations = 100,
            MiddleShare = 1,
            StyleLoss = StyleLossKind.Nearest,
            StyleLayers = StyleSettings.MatchingLayers,
            ContentWeight = 0,
            TotalVariationWeight = 0,
        }),
        Make("strotss",
            "relaxed earth mover's distance and self-similarity (Kolkin et al. 2019): forms of the photograph stay",
            new StyleSettings
        {
            MinimumSize = 64,
            Iterations = 100,
            FirstIterations = 100,
            MiddleShare = 1,
            StyleLoss = StyleLossKind.Remd,
            StyleLayers = StyleSettings.MatchingLayers,
            SecondStyleLoss = StyleLossKind.RelativeW2,
            SecondStyleLayers = new StyleSettings().StyleLayers,
            ContentLoss = ContentLossKind.SelfSimilarity,
            ContentLayers = Layers(0, 1, 1, 1),
            ContentWeight = 0.5,
            TotalVariationWeight = 0,
        }),
        Make("photo", "a photograph that stays one: colours and light of the style, lines and faces of the photograph", new StyleSettings
        {
            Strength = 0.35,
            PhotorealismWeight = 100,
            StyleLayers = Layers(128, 64, 20, 2, 0.16),
        }),
        Make("texture", "texture of the style alone, without a content picture", new StyleSettings
        {
            FirstIterations = 150, // noise is further away than a photograph
            MiddleShare = 1,
            ContentWeight = 0,
            Start = StartImage.Parse("noise"),
            StyleLayers = Layers(16, 8, 4, 2, 1),
        }),
    ];

    /// <summary>Finds a preset.</summary>
    /// <exception cref="InvalidInputException">There is none of that name.</exception>
    public static StyleSettings Find(string name) =>
        All.FirstOrDefault(preset => string.Equals(preset.Name, name, StringComparison.OrdinalIgnoreCase))?.Settings
        ?? throw ValueNames.Unknown("StyleSettings.Preset", name, All.Select(preset => preset.Name).ToArray());

    /// <summary>Weights of relu1_1, relu2_1, relu3_1, relu4_1, relu5_1.</summary>
    private static LayerWeight[] Layers(params double[] weights) =>
        weights.Select((weight, block) => new LayerWeight(new VggLayer(block + 1, 1), weight)).ToArray();

    private static Preset Make(string name, string description, StyleSettings settings) =>
        new(name, description, settings with { Preset = name });
}
