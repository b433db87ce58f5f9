using NeuralStyle.Vgg;
using NeuralStyle.Weights;
using NeuralStyle.Weights.BuiltIn;

namespace NeuralStyle.Cli.Jobs;

/// <summary>Finds the weights and writes a line about them.</summary>
internal static class NetworkChoice
{
    /// <summary>Loads the network of the option, the environment variable or the usual folders, else the built-in one.</summary>
    /// <param name="asked">The file or name; null to search.</param>
    /// <param name="overrides">What the command line says about the file.</param>
    /// <param name="error">Told.</param>
    /// <param name="origin">Where the file or name comes from, for people.</param>
    public static VggWeights Load(string? asked, WeightsOverrides overrides, TextWriter error, string origin = "--weights")
    {
        var choice = new WeightsLocator().Locate(asked, origin);
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
