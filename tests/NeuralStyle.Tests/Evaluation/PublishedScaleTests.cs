using NeuralStyle.Evaluation;
using NeuralStyle.Imaging;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;
using static TorchSharp.torch;

namespace NeuralStyle.Tests.Evaluation;

/// <summary>The losses of plain squares mean the same for a network whose activations are all larger or smaller.</summary>
public sealed class PublishedScaleTests
{
    [Theory]
    [InlineData(0.1f)]
    [InlineData(0.01f)]
    public void The_classic_losses_do_not_depend_on_the_scale_of_a_networks_activations(float factor)
    {
        using var scope = NewDisposeScope();
        var (picture, content, style) = (TinyNetworks.Picture(64, 48, 1), TinyNetworks.Picture(64, 48, 2), TinyNetworks.Picture(64, 48, 3));
        var weights = TinyNetworks.Random();
        var (plain, scaled) = (Total(Scaled(weights, 1e-2f)), Total(Scaled(weights, 1e-2f * factor)));
        Assert.InRange(scaled / plain, 0.999, 1.001);

        double Total(VggWeights weights)
        {
            using var network = new VggNetwork(weights, Presets.Find("gatys").NetworkFor(weights));
            using var objective = ObjectiveBuilder.Build(network, content, [style], [1], Presets.Find("gatys"));
            using var evaluator = new WholeImageEvaluator(network, objective);
            using var evaluated = evaluator.Evaluate(picture);
            return evaluated.ReadTotal();
        }
    }

    [Fact]
    public void The_built_in_network_counts_as_the_one_that_the_losses_were_published_for()
    {
        using var scope = NewDisposeScope();
        var weights = Networks.Find("builtin");
        using var network = new VggNetwork(weights, new NetworkOptions());
        Assert.All(PublishedScale.Of(network, weights.Convolutions.Select(convolution => convolution.Layer).ToArray()),
            pair => Assert.Equal(1, pair.Value));
    }

    [Theory]
    [InlineData("gatys", 1)]
    [InlineData("default", 0)]
    public void A_run_with_a_network_of_another_scale_says_that_the_classic_losses_are_rescaled(string preset, int notices)
    {
        using var scope = NewDisposeScope();
        var picture = PictureSource.Of(TinyNetworks.Picture(32, 32, 1));
        var settings = Presets.Find(preset) with { Size = 32, FirstIterations = 1, Iterations = 1 };
        List<string> told = [];
        using var result = StyleTransfer.Run(new StyleInputs(picture, [picture]), TinyNetworks.Random(), settings,
            new RunSettings { Notice = told.Add }, TestContext.Current.CancellationToken);
        Assert.Equal(notices, told.Count(line => line.Contains("were published for VGG-19", StringComparison.Ordinal)));
    }

    /// <summary>All activations times a factor: the first layer's kernel and every bias.</summary>
    private static VggWeights Scaled(VggWeights weights, float factor) => weights with
    {
        Convolutions = weights.Convolutions.Select((convolution, i) => convolution with
        {
            Kernel = i == 0 ? convolution.Kernel.Select(value => value * factor).ToArray() : convolution.Kernel,
            Bias = convolution.Bias.Select(value => value * factor).ToArray(),
        }).ToArray(),
    };
}
