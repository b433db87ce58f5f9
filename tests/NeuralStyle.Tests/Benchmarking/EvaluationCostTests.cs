using NeuralStyle.Benchmarking;
using NeuralStyle.Imaging;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;

namespace NeuralStyle.Tests.Benchmarking;

public sealed class EvaluationCostTests
{
    private static readonly VggLayer Relu11 = new(1, 1), Relu21 = new(2, 1), Relu51 = new(5, 1);

    [Fact]
    public void Vgg19_at_512_pixels_takes_378_gigaflop()
    {
        // Forward: 2·9·I·O for each position. conv1: 0.91 + 19.33, conv2: 9.66 + 19.33, conv3: 9.66 + 3·19.33, conv4: 9.66 + 3·19.33,
        // conv5_1: 4.83; twice that with the way back.
        var operations = EvaluationCost.Operations(Shape(64, 128, 256, 512, 512), Relu51, new PixelSize(512, 512));
        Assert.Equal(2 * (0.906 + 19.327 + 9.664 + 19.327 + 9.664 + 3 * 19.327 + 9.664 + 3 * 19.327 + 4.832), operations / 1e9, 0.02);
        Assert.Equal(378, operations / 1e9, 1.0);
    }

    [Fact]
    public void Layers_below_the_deepest_are_not_counted_and_pooling_rounds_down()
    {
        var shape = Shape(4, 6, 8, 8, 8);
        Assert.Equal(2 * 2 * 9 * 3 * 4 * 35, EvaluationCost.Operations(shape, Relu11, new PixelSize(7, 5)));
        Assert.Equal(2 * 2 * 9 * ((3 * 4 + 4 * 4) * 35 + 4 * 6 * 6), EvaluationCost.Operations(shape, Relu21, new PixelSize(7, 5)));
    }

    [Fact]
    public void Layers_without_a_weight_do_not_count()
    {
        var settings = new StyleSettings { ContentLayers = [new(Relu21)], StyleLayers = [new(Relu11), new(Relu51, 0)] };
        Assert.Equal(Relu21, EvaluationCost.Deepest(settings));
    }

    private static ConvolutionWeights[] Shape(params int[] widths) =>
        TinyNetworks.Random([1, 1, 1, 1, 1]).Convolutions.Select(convolution => new ConvolutionWeights(convolution.Layer,
        widths[convolution.Layer.Block - 1], convolution.Layer switch { { Block: 1, Index: 1 } => 3,
            { Index: 1 } => widths[convolution.Layer.Block - 2], _ => widths[convolution.Layer.Block - 1] }, [], [])).ToArray();
}
