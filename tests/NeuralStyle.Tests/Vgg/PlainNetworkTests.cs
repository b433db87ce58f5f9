using NeuralStyle.Vgg;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Tests.Vgg;

/// <summary>The network by libtorch's operators, with numbers of channels that its convolutions are not made for.</summary>
public sealed class PlainNetworkTests
{
    [Theory]
    [InlineData(4, 6, PaddingMode.Zero)]
    [InlineData(20, 33, PaddingMode.Zero)]
    [InlineData(16, 40, PaddingMode.Reflect)]
    [InlineData(48, 5, PaddingMode.Replicate)]
    public void Any_number_of_channels_gives_the_activations_and_the_gradient_of_float64(int first, int second, PaddingMode padding)
    {
        using var scope = NewDisposeScope();
        var (single, exact) = (Run(ScalarType.Float32), Run(ScalarType.Float64));
        Assert.Equal([1, second, 40, 46], single.Activations.shape);
        Near(exact.Activations, single.Activations);
        Near(exact.Gradient, single.Gradient);

        (Tensor Activations, Tensor Gradient) Run(ScalarType type)
        {
            var layer = new VggLayer(2, 2);
            using var network = new VggNetwork(TinyNetworks.Random([first, second]), new NetworkOptions(Pooling.Average, padding),
                dtype: type);
            using var pass = network.Pass(TinyNetworks.Picture(92, 80, 3, type), [layer]);
            var activations = pass.Wanted.Single().Result.permute(0, 3, 1, 2).detach().clone();
            return (activations, pass.Backward((_, gradient) => gradient.add_(activations.permute(0, 2, 3, 1))));
        }
    }

    private static void Near(Tensor expected, Tensor actual) =>
        Assert.InRange(((actual.to(ScalarType.Float64) - expected).norm() / expected.norm()).ToDouble(), 0, 1e-5);
}
