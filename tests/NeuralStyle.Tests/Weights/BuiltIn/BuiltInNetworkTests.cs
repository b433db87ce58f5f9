using NeuralStyle.Vgg;
using NeuralStyle.Weights.BuiltIn;
using RenderSamples;
using static TorchSharp.torch;

namespace NeuralStyle.Tests.Weights.BuiltIn;

public class BuiltInNetworkTests
{
    [Fact]
    public void It_is_the_same_every_time_and_says_which_it_is()
    {
        var (first, second) = (BuiltInNetwork.Create(), BuiltInNetwork.Create());
        Assert.Equal("builtin", first.Name);
        Assert.Equal(64, first.Sha256.Length);
        Assert.Equal(first.Sha256, second.Sha256);
        Assert.Equal(first.Convolutions.SelectMany(c => c.Kernel), second.Convolutions.SelectMany(c => c.Kernel));
    }

    [Fact]
    public void Its_layers_are_those_of_VGG_19_down_to_conv5_1_and_chain()
    {
        var weights = BuiltInNetwork.Create();
        int[] depths = [2, 2, 4, 4, 1];
        Assert.Equal(
            depths.SelectMany((depth, block) => Enumerable.Range(1, depth).Select(index => new VggLayer(block + 1, index))),
            weights.Convolutions.Select(convolution => convolution.Layer));
        var channels = 3;
        foreach (var convolution in weights.Convolutions)
        {
            Assert.Equal(channels, convolution.InChannels);
            channels = convolution.OutChannels;
            Assert.Equal(9 * convolution.InChannels * convolution.OutChannels, convolution.Kernel.Length);
        }
    }

    [Fact]
    public void Activations_on_a_picture_are_those_of_a_VGG_and_no_layer_is_dead()
    {
        using var scope = NewDisposeScope();
        var canvas = SamplePictures.All[0].Render(64);
        var image = tensor(canvas.ToBytes(), [1, canvas.Height, canvas.Width, 3]).permute(0, 3, 1, 2).to(ScalarType.Float32) / 255;
        using var network = new VggNetwork(BuiltInNetwork.Create(), new NetworkOptions());
        foreach (var (layer, features) in network.Forward(image, [.. network.Layers]))
        {
            Assert.InRange(features.mean().item<float>(), 0.2f, 5000f); // as large as those of VGG-19, whose pixels go to 255
            var alive = (features.amax(0, 2, 3) > 0).to(ScalarType.Float32).mean().item<float>();
            Assert.True(alive > 0.8f, $"{layer}: only {alive:P0} of the channels answer to anything");
        }
    }
}
