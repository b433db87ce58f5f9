using NeuralStyle.Vgg;
using NeuralStyle.Weights;

namespace NeuralStyle.Cli.Running;

/// <summary>Finds the weights and says in one line which are in use.</summary>
internal static class NetworkChoice
{
    /// <summary>Loads what the option, the environment or the folders name; the built-in network when they name nothing.</summary>
    public static VggWeights Load(string? asked, TextWriter error)
    {
        var choice = new WeightsLocator().Locate(asked);
        var weights = choice.Path is { } path ? WeightsFile.Load(path) : throw new InvalidInputException("the built-in network is not there yet");
        ErrorLine.Hint(error, choice.IsBuiltIn
            ? $"weights: the built-in stand-in ({choice.Reason}); the trained VGG-19 gives better pictures: nst weights fetch vgg19"
            : $"weights: {path_(choice)} ({choice.Reason}), up to {weights.Deepest}");
        return weights;

        static string path_(WeightsChoice choice) => choice.Path!;
    }
}
