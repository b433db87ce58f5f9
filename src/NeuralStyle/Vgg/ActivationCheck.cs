using static TorchSharp.torch;

namespace NeuralStyle.Vgg;

/// <summary>The response of a layer to the test picture.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Mean">Mean of its activations.</param>
/// <param name="Maximum">Largest of its activations.</param>
/// <param name="ActiveShare">Share of its activations above 0, from 0 to 1.</param>
internal sealed record LayerActivity(VggLayer Layer, double Mean, double Maximum, double ActiveShare)
{
    // Trained networks, normalised or not, have maxima from about 1 to some 10,000; values beyond that by a factor of 100,000 are wrong.
    private const double Smallest = 1e-5, Largest = 1e9;

    /// <summary>What is wrong with them; null if they are plausible for a trained network.</summary>
    public string? Problem => this switch
    {
        _ when !double.IsFinite(Mean) || !double.IsFinite(Maximum) => "gives values that are not finite",
        { ActiveShare: < 0.001 } => "is dead: nearly all its activations are 0",
        { Maximum: > Largest } => "explodes: its activations are absurdly large",
        { Maximum: < Smallest } => "vanishes: its activations are nearly 0",
        _ => null,
    };
}

/// <summary>Runs a network on a test picture with colours, edges, gradients and texture.</summary>
internal static class ActivationCheck
{
    private const int Side = 128;

    /// <summary>Measures every layer.</summary>
    /// <param name="weights">The network.</param>
    /// <returns>One entry per layer, in order of depth.</returns>
    public static IReadOnlyList<LayerActivity> Run(VggWeights weights)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        using var network = new VggNetwork(weights, new NetworkOptions(Padding: weights.Padding ?? PaddingMode.Zero));
        var layers = weights.Convolutions.Select(convolution => convolution.Layer).ToArray();
        var features = network.Forward(TestPicture(), layers);
        return layers.Select(layer =>
        {
            var x = features[layer].to(ScalarType.Float64);
            return new LayerActivity(layer, x.mean().item<double>(), x.max().item<double>(),
                x.gt(0).to(ScalarType.Float64).mean().item<double>());
        }).ToArray();
    }

    /// <summary>1×3×128×128: rings in red, a slope in green, a chequered blue.</summary>
    internal static Tensor TestPicture()
    {
        var y = linspace(-1, 1, Side).view(Side, 1);
        var x = linspace(-1, 1, Side).view(1, Side);
        var red = (20 * (x * x + y * y).sqrt()).sin() * 0.5 + 0.5;
        var green = ((x + y) * 0.25 + 0.5).expand(Side, Side);
        var blue = (x * 8).floor().add((y * 8).floor()).remainder(2);
        return stack([red, green, blue]).unsqueeze(0);
    }
}
