using NeuralStyle.Vgg;
using NeuralStyle.Weights;
using NeuralStyle.Weights.BuiltIn;

namespace NeuralStyle;

/// <summary>Finds the network of a run, in the same way as <c>nst</c>.</summary>
public static class Networks
{
    /// <summary>
    /// Loads a network: a weights file, a name from <c>nst weights list</c>, or <c>builtin</c>. Without one, the variable
    /// <c>NST_WEIGHTS</c> and the usual folders are searched; without trained weights, it is the built-in network.
    /// </summary>
    /// <param name="asked">A path or a name; null to search.</param>
    /// <exception cref="InvalidInputException">There is no such file or name, or it is not a VGG network.</exception>
    public static VggWeights Find(string? asked = null) =>
        new WeightsLocator().Locate(asked).Path is { } path ? WeightsFile.Load(path) : BuiltInNetwork.Create();
}
