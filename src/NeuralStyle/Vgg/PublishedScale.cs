using NeuralStyle.Runtime;
using static TorchSharp.torch;

namespace NeuralStyle.Vgg;

/// <summary>
/// How large a network's activations are beside those of the VGG-19 of Simonyan and Zisserman, which the weights published with losses of
/// plain squares belong to.
/// </summary>
internal static class PublishedScale
{
    private const double Alike = 3; // up to this factor a network counts as of the same scale: its losses stay as published

    /// <summary>Mean activations of VGG-19 for <see cref="ActivationCheck.TestPicture"/>, as <c>weights verify</c> prints them.</summary>
    private static readonly Dictionary<VggLayer, double> s_means = new()
    {
        [new(1, 1)] = 46.37, [new(1, 2)] = 199.9, [new(2, 1)] = 274.6, [new(2, 2)] = 418.9,
        [new(3, 1)] = 445.9, [new(3, 2)] = 455.5, [new(3, 3)] = 929.8, [new(3, 4)] = 1415,
        [new(4, 1)] = 1183, [new(4, 2)] = 697.7, [new(4, 3)] = 323.3, [new(4, 4)] = 49.85,
        [new(5, 1)] = 60.25,
    };

    /// <summary>Whether the weights of some layer have to be rescaled.</summary>
    public static bool Differs(VggNetwork network, IReadOnlyCollection<VggLayer> layers) =>
        Of(network, layers).Values.Any(factor => factor != 1);

    /// <summary>For each layer the factor by which its activations are larger; 1 for layers that are alike or not known.</summary>
    /// <param name="network">The network.</param>
    /// <param name="layers">Layers that it has.</param>
    public static IReadOnlyDictionary<VggLayer, double> Of(VggNetwork network, IReadOnlyCollection<VggLayer> layers)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var features = network.Forward(ActivationCheck.TestPicture().to(network.Device), layers);
        return layers.ToDictionary(layer => layer, layer =>
        {
            if (!s_means.TryGetValue(layer, out var published)) return 1.0;
            var factor = FixedSums.Sum(features[layer].to(ScalarType.Float64)).item<double>() / features[layer].numel() / published;
            return factor is > 0 and (< 1 / Alike or > Alike) && double.IsFinite(factor) ? factor : 1.0;
        });
    }
}
