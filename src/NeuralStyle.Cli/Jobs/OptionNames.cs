using System.Text.RegularExpressions;

namespace NeuralStyle.Cli.Jobs;

/// <summary>
/// The options for the properties of the library's settings. The library's messages name properties, for instance
/// <c>StyleSettings.Size is 3; expected …</c>; users read options: <c>--size is 3; expected …</c>.
/// </summary>
internal static partial class OptionNames
{
    /// <summary>Options by property; a row of the options' table for each property of the settings that a message names.</summary>
    public static IReadOnlyDictionary<string, string> ByProperty { get; } = new Dictionary<string, string>
    {
        ["StyleSettings.Preset"] = "--preset",
        ["StyleSettings.Size"] = "--size",
        ["StyleSettings.MinimumSize"] = "--min-size",
        ["StyleSettings.ScaleStep"] = "--scale-step",
        ["StyleSettings.Bleed"] = "--bleed",
        ["StyleSettings.StyleScale"] = "--style-scale",
        ["StyleSettings.StyleSize"] = "--style-size",
        ["StyleSettings.Strength"] = "--strength",
        ["StyleSettings.Color"] = "--color",
        ["StyleSettings.ContentWeight"] = "--content-weight",
        ["StyleSettings.StyleWeight"] = "--style-weight",
        ["StyleSettings.TotalVariationWeight"] = "--tv",
        ["StyleSettings.PhotorealismWeight"] = "--photorealism",
        ["StyleSettings.SelfSimilarityWeight"] = "--self-similarity",
        ["StyleSettings.SelfSimilarityLayers"] = "--self-similarity-layers",
        ["StyleSettings.StyleLoss"] = "--style-loss",
        ["StyleSettings.ContentLoss"] = "--content-loss",
        ["StyleSettings.StyleLayers"] = "--style-layers",
        ["StyleSettings.SecondStyleLoss"] = "--second-style-loss",
        ["StyleSettings.SecondStyleWeight"] = "--second-style-weight",
        ["StyleSettings.SecondStyleLayers"] = "--second-style-layers",
        ["StyleSettings.MatchEvery"] = "--match-every",
        ["StyleSettings.MatchedContent"] = "--matched-content",
        ["StyleSettings.MatchSplit"] = "--match-split",
        ["StyleSettings.ContentLayers"] = "--content-layers",
        ["StyleSettings.Iterations"] = "--iterations",
        ["StyleSettings.MiddleShare"] = "--middle-share",
        ["StyleSettings.FirstIterations"] = "--first-iterations",
        ["StyleSettings.Patience"] = "--patience",
        ["StyleSettings.Optimizer"] = "--optimizer",
        ["StyleSettings.LearningRate"] = "--learning-rate",
        ["StyleSettings.History"] = "--history",
        ["StyleSettings.AverageDecay"] = "--average",
        ["StyleSettings.Start"] = "--init",
        ["StyleSettings.Detail"] = "--detail",
        ["StyleSettings.Seed"] = "--seed",
        ["StyleSettings.Pooling"] = "--pooling",
        ["StyleSettings.Padding"] = "--padding",
        ["StyleInputs.Start"] = "--init",
        ["StyleInputs.StyleWeights"] = "--style-weights",
        ["StyleInputs.ContentMask"] = "--content-mask",
        ["StyleInputs.StyleMasks"] = "--style-mask",
        ["StyleInputs.Protect"] = "--protect",
        ["RunSettings.Device"] = "--device",
        ["MemorySettings.Budget"] = "--memory",
        ["MemorySettings.Tile"] = "--tile",
        ["ComputeSettings.Precision"] = "--precision",
        ["ComputeSettings.Search"] = "--cudnn-benchmark",
        ["ComputeSettings.Record"] = "--no-cuda-graphs",
        ["CheckpointSettings.Path"] = "--checkpoint",
        ["CheckpointSettings.Resume"] = "--resume",
        ["FilmSettings.TemporalWeight"] = "--temporal-weight",
        ["FilmSettings.Iterations"] = "--frame-iterations",
        ["FilmSettings.Passes"] = "--passes",
        ["PictureOutput.BitDepth"] = "--bit-depth",
        ["PictureOutput.Quality"] = "--quality",
    };

    /// <summary>A message of the library with options instead of properties.</summary>
    public static string In(string message) => Property().Replace(message, match => ByProperty.GetValueOrDefault(match.Value, match.Value));

    [GeneratedRegex(@"\b(?:Style|Run|Memory|Compute|Checkpoint|Film)(?:Settings|Inputs)\.\w+|\bPictureOutput\.\w+")]
    private static partial Regex Property();
}
