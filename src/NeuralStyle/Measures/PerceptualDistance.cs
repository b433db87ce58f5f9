using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Measures;

/// <summary>
/// How different two pictures look to a network: Zhang, Isola, Efros, Shechtman, Wang 2018, "The unreasonable effectiveness of deep
/// features as a perceptual metric", equation 1, with all weights 1. Departures: the learned weights are missing, and the mean over layers
/// is taken instead of their sum, because networks differ in their layers.
/// </summary>
internal static class PerceptualDistance
{
    /// <summary>The distance.</summary>
    /// <param name="layers">Activations of both pictures, 1×C×h×w each, at least one pair.</param>
    /// <returns>From 0, for equal pictures, to 2.</returns>
    public static double Of(IEnumerable<(Tensor First, Tensor Second)> layers)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        return layers.Average(layer => (UnitVectors.Of(layer.First) - UnitVectors.Of(layer.Second)).square().sum(1).mean().ToDouble());
    }
}
