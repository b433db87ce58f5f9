using NeuralStyle.Losses;
using NeuralStyle.Vgg;

namespace NeuralStyle.Benchmarks.Quality;

/// <summary>Settings to compare.</summary>
internal static class Candidates
{
    private static readonly StyleSettings Crowson = new()
    {
        FirstIterations = 1000, Iterations = 500, LearningRate = 0.02, AverageDecay = 0.99,
        StyleLoss = StyleLossKind.W2, ContentLoss = ContentLossKind.MeanSquare,
        ContentWeight = 0.015, TotalVariationWeight = 2, Padding = PaddingMode.Replicate,
        StyleLayers = Layers(256, 64, 16, 4, 1),
    };

    private static readonly StyleSettings Relative = new()
    {
        ScaleStep = 2, FirstIterations = 60, Iterations = 30, AverageDecay = 0, Optimizer = OptimizerKind.Lbfgs, History = 20, LearningRate = 0.1,
        StyleLoss = StyleLossKind.RelativeW2, ContentLoss = ContentLossKind.Relative, StyleLayers = Layers(16, 8, 4, 2, 1),
        ContentWeight = 0.1, TotalVariationWeight = 2, Padding = PaddingMode.Replicate,
    };

    public static IReadOnlyDictionary<string, StyleSettings> All { get; } = new Dictionary<string, StyleSettings>
    {
        ["crowson"] = Crowson,
        ["a2-100-50"] = Crowson with { ScaleStep = 2, FirstIterations = 100, Iterations = 50, AverageDecay = 0.9 },
        ["a2-100-50-lr05"] = Crowson with { ScaleStep = 2, FirstIterations = 100, Iterations = 50, AverageDecay = 0.9, LearningRate = 0.05 },
        ["a2-200-100"] = Crowson with { ScaleStep = 2, FirstIterations = 200, Iterations = 100, AverageDecay = 0.95 },
        ["a1.4-200-100"] = Crowson with { FirstIterations = 200, Iterations = 100, AverageDecay = 0.95 },
        ["a2-60-30-lr05"] = Crowson with { ScaleStep = 2, FirstIterations = 60, Iterations = 30, AverageDecay = 0.9, LearningRate = 0.05 },
        ["a2-150-80-lr04"] = Crowson with { ScaleStep = 2, FirstIterations = 150, Iterations = 80, AverageDecay = 0.95, LearningRate = 0.04 },
        ["a2-300-150-lr04"] = Crowson with { ScaleStep = 2, FirstIterations = 300, Iterations = 150, AverageDecay = 0.97, LearningRate = 0.04 },
        ["l2-60-30"] = Crowson with { ScaleStep = 2, FirstIterations = 60, Iterations = 30, AverageDecay = 0, Optimizer = OptimizerKind.Lbfgs, History = 20 },
        ["l2-100-50"] = Crowson with { ScaleStep = 2, FirstIterations = 100, Iterations = 50, AverageDecay = 0, Optimizer = OptimizerKind.Lbfgs },
        ["l2-200-100"] = Crowson with { ScaleStep = 2, FirstIterations = 200, Iterations = 100, AverageDecay = 0, Optimizer = OptimizerKind.Lbfgs, History = 20 },
        ["s1"] = Relative with { StyleLayers = Layers(256, 64, 16, 4, 1), ContentWeight = 0.03, TotalVariationWeight = 0.3 },
        ["s2"] = Relative with { StyleLayers = Layers(256, 64, 16, 4, 1), ContentWeight = 0.01, TotalVariationWeight = 0.2 },
        ["s3"] = Relative with { StyleLayers = Layers(64, 32, 16, 8, 4), ContentWeight = 0.02, TotalVariationWeight = 0.2 },
        ["s4"] = Relative with { StyleLayers = Layers(256, 64, 16, 4, 1), ContentWeight = 0.02, TotalVariationWeight = 0.05 },
        ["l2-c3"] = Crowson with { ScaleStep = 2, FirstIterations = 100, Iterations = 50, AverageDecay = 0, Optimizer = OptimizerKind.Lbfgs, History = 20, LearningRate = 0.1, ContentWeight = 0.03 },
        ["l2-c3-100"] = Crowson with { ScaleStep = 2, FirstIterations = 100, Iterations = 100, AverageDecay = 0, Optimizer = OptimizerKind.Lbfgs, History = 20, LearningRate = 0.1, ContentWeight = 0.02 },
    };

    private static LayerWeight[] Layers(params double[] weights) => weights.Select((weight, i) => new LayerWeight(new VggLayer(i + 1, 1), weight)).ToArray();
}
