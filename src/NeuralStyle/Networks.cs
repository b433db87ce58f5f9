using NeuralStyle.Vgg;
using NeuralStyle.Weights;
using NeuralStyle.Weights.BuiltIn;

namespace NeuralStyle;

/// <summary>Finds the network of a run as <c>nst</c> does.</summary>
public static class Networks
{
    /// <summary>
    /// Loads a network: a weights file, a name from <c>nst weights list</c>, or <c>builtin</c>. Without one, the variable
    /// <c>NST_WEIGHTS</c>
    /// and the usual folders decide, and where there are no trained weights, the built-in network is taken.
    /// </summary>
    /// <param name="asked">A path or a name; null to search.</param>
    /// <exception cref="InvalidInputException">There is no such file or name, or it holds no VGG network.</exception>
    public static VggWeights Find(string? asked = null) =>
        new WeightsLocator().Locate(asked).Path is { } path ? WeightsFile.Load(path) : BuiltInNetwork.Create();
}
