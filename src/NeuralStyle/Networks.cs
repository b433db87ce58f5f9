using NeuralStyle.Runtime;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;
using NeuralStyle.Weights;
using NeuralStyle.Weights.BuiltIn;
using TorchSharp;

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

    /// <summary>The network on a device, as a run with these settings computes with it.</summary>
    /// <param name="weights">Its weights.</param>
    /// <param name="settings">Padding, pooling and iterations, which decide the precision on a CPU.</param>
    /// <param name="device">Where to compute; null means the CPU.</param>
    /// <param name="type">float32, or float64 for checks of numerics.</param>
    internal static VggNetwork Create(VggWeights weights, StyleSettings settings, torch.Device? device,
        torch.ScalarType type = torch.ScalarType.Float32) =>
        new(weights, settings.NetworkFor(weights), device, type, precision: ComputeTuning.OnCpu(settings.MostIterations()));
}
