using NeuralStyle.Evaluation;
using NeuralStyle.Runtime;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;
using NeuralStyle.Vgg.Fused;
using NeuralStyle.Vgg.Fused.Bfloat16;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Tests.Vgg.Fused;

/// <summary>Convolutions in bfloat16, which any processor can do; those with AMX are fast at it.</summary>
public sealed class Bfloat16Tests
{
    private const double Step = 1.0 / 256; // half of the last bit of a bfloat16, relative

    [Theory]
    [InlineData(37, 21)]
    [InlineData(1, 1)]
    [InlineData(64, 2100)] // several strips
    public void A_layer_convolves_rounded_factors_and_keeps_what_opened(int width, int height)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var weights = Layer(32, 64);
        using var layer = new Bfloat16Layer(weights);
        var x = Values(1, height, width, 32);
        var (result, gates) = (empty(1, height, width, 64), GatePlane.Reserve(x, 64));
        layer.Forward(x, result, gates);

        var bias = tensor(weights.Bias);
        var expected = Rounded(nn.functional.conv2d(Rounded(x).permute(0, 3, 1, 2), Kernel(weights), padding: [1, 1]))
            .permute(0, 2, 3, 1).add(bias).relu();
        Near(expected, result);
        Assert.Equal((result > 0).to(ScalarType.Byte), Bits(gates, 64));
        Assert.Equal(expected.shape, result.shape);
    }

    [Theory]
    [InlineData(37, 21, "gates")]
    [InlineData(37, 21, "result")]
    [InlineData(37, 21, "neither")]
    [InlineData(64, 2100, "gates")]
    public void Its_gradient_is_that_of_a_convolution_where_the_result_is_above_zero(int width, int height, string by)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var weights = Layer(32, 64);
        using var layer = new Bfloat16Layer(weights);
        var (result, gates) = (empty(1, height, width, 64), (Tensor?)null);
        if (by == "gates") gates = GatePlane.Reserve(result, 64);
        layer.Forward(Values(1, height, width, 32), result, gates);
        var gradient = Values(1, height, width, 64);
        var input = empty(1, height, width, 32);
        layer.Backward(gradient, by == "result" ? result : null, gates, input);

        var open = by == "neither" ? gradient : gradient * (result > 0);
        var expected = nn.functional.conv_transpose2d(Rounded(open).permute(0, 3, 1, 2), Kernel(weights), padding: [1, 1]);
        Near(Rounded(expected).permute(0, 2, 3, 1), input);
    }

    [Theory]
    [InlineData(Pooling.Max, PaddingMode.Replicate)]
    [InlineData(Pooling.Average, PaddingMode.Zero)]
    public void Losses_and_gradient_are_nearly_those_of_float64(Pooling pooling, PaddingMode padding)
    {
        var (expected, exact) = Evaluate(ScalarType.Float64);
        var (total, gradient) = Evaluate(ScalarType.Float32);
        Assert.InRange(Math.Abs(total / expected - 1), 1e-9, 0.01); // not the same: it is bfloat16 indeed
        // maxima of poolings that nearly tie change places
        Assert.InRange(((gradient - exact).norm() / exact.norm()).ToDouble(), 1e-6, 0.1);

        (double, Tensor) Evaluate(ScalarType dtype)
        {
            using var scope = NewDisposeScope();
            using var network = Network(new NetworkOptions(pooling, padding), dtype);
            Tensor Picture(int seed) => TinyNetworks.Picture(64, 48, seed, ScalarType.Float64).to(dtype);
            using var objective = ObjectiveBuilder.Build(network, Picture(1), [Picture(2)], [1], new StyleSettings());
            using var evaluator = new WholeImageEvaluator(network, objective);
            var evaluated = evaluator.Evaluate(Picture(5));
            return (evaluated.ReadTotal(), evaluated.Gradient.to(ScalarType.Float64).DetachFromDisposeScope());
        }
    }

    [Fact]
    public void A_hundred_evaluations_leave_no_tensor_behind()
    {
        using var scope = NewDisposeScope();
        using var network = Network(new NetworkOptions(), ScalarType.Float32);
        var image = TinyNetworks.Picture(32, 32, 1);
        using var objective = ObjectiveBuilder.Build(network, image, [TinyNetworks.Picture(32, 32, 2)], [1], new StyleSettings());
        using var evaluator = new WholeImageEvaluator(network, objective);
        evaluator.Evaluate(image).Dispose();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var i = 0; i < 100; i++) evaluator.Evaluate(image).Dispose();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static VggNetwork Network(NetworkOptions options, ScalarType dtype)
    {
        var weights = TinyNetworks.Random([32, 32, 64, 64, 32]);
        return new VggNetwork(weights, options, null, dtype, deepest: null, channelsLast: false, precision: ConvolutionPrecision.Bfloat16);
    }

    private static ConvolutionWeights Layer(int inputs, int outputs) => TinyNetworks.Random([32, inputs, outputs, 32, 32]).Convolutions
        .First(convolution => (convolution.InChannels, convolution.OutChannels) == (inputs, outputs));

    private static Tensor Kernel(ConvolutionWeights weights) =>
        Rounded(tensor(weights.Kernel, [weights.OutChannels, weights.InChannels, 3, 3]));

    private static Tensor Values(params long[] shape)
    {
        using var generator = new Generator(7);
        return randn(shape, generator: generator);
    }

    private static Tensor Rounded(Tensor value) => value.to(ScalarType.BFloat16).to(ScalarType.Float32);

    private static void Near(Tensor expected, Tensor actual) => // sums in another order may round to the neighbour
        Assert.InRange((actual - expected).abs().max().ToDouble(), 0, 2 * Step * expected.abs().max().ToDouble());

    private static Tensor Bits(Tensor gates, int channels)
    {
        var bits = gates.unsqueeze(-1).bitwise_and(tensor(new byte[] { 1, 2, 4, 8, 16, 32, 64, 128 })).ne(0);
        return bits.to(ScalarType.Byte).flatten(3).narrow(3, 0, channels);
    }
}
