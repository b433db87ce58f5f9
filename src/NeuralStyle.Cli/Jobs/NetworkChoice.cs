using NeuralStyle.Vgg;
using NeuralStyle.Weights;
using NeuralStyle.Weights.BuiltIn;

namespace NeuralStyle.Cli.Jobs;

/// <summary>Finds the weights and writes a line about them.</summary>
internal static class NetworkChoice
{
    /// <summary>Loads the network of the option, the environment variable or the usual folders, else the built-in one.</summary>
    public static VggWeights Load(string? asked, WeightsOverrides overrides, TextWriter error)
    {
        var choice = new WeightsLocator().Locate(asked, "--weights");
        if (choice.Path is { } path)
        {
            var weights = WeightsFile.Load(path, overrides);
            ErrorLine.Hint(error, $"weights: {path} ({choice.Reason}), up to {weights.Deepest}");
            PreprocessingHint.Write(weights, error);
            return weights;
        }
        var builtIn = BuiltInNetwork.Create();
        ErrorLine.Hint(error, $"weights: the built-in network, a reduced VGG-19 ({choice.Reason}), up to {builtIn.Deepest}");
        return builtIn;
    }
}
