using NeuralStyle.Vgg;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Tests.Vgg;

public sealed class VggNetworkTests
{
    private static readonly Preprocessing Plain = new(ChannelOrder.Rgb, 1, [0, 0, 0], [1, 1, 1]);

    [Theory] // one filter that sums the red of 3×3 neighbours, on a 2×2 picture of red 1, 2, 3, 4
    [InlineData(PaddingMode.Zero, new[] { 10f, 10, 10, 10 })]
    [InlineData(PaddingMode.Replicate, new[] { 18f, 21, 24, 27 })]
    [InlineData(PaddingMode.Reflect, new[] { 27f, 24, 21, 18 })]
    [InlineData(PaddingMode.Circular, new[] { 27f, 24, 21, 18 })]
    public void Padding_matches_values_worked_out_by_hand(PaddingMode padding, float[] expected)
    {
        using var scope = NewDisposeScope();
        using var network = new VggNetwork(SumOfRed(), new NetworkOptions(Padding: padding));
        var image = zeros(1, 3, 2, 2);
        image[0, 0] = tensor(new[] { 1f, 2, 3, 4 }, [2, 2]);
        Assert.Equal(expected, network.Forward(image, [new VggLayer(1, 1)])[new VggLayer(1, 1)].data<float>().ToArray());
    }

    [Theory]
    [InlineData(Pooling.Max, 1.0, 4f)]
    [InlineData(Pooling.Average, 1.0, 2.5f)]
    [InlineData(Pooling.Average, 2.0, 5f)]
    public void Pooling_matches_values_worked_out_by_hand(Pooling pooling, double scale, float expected)
    {
        // Two layers that pass red on unchanged, with a pooling between them.
        var kernel = new float[27];
        kernel[4] = 1;
        var second = new float[9];
        second[4] = 1;
        var weights = new VggWeights("pass", "", [new(new(1, 1), 1, 3, kernel, [0]), new(new(2, 1), 1, 1, second, [0])], Plain, null);
        using var scope = NewDisposeScope();
        using var network = new VggNetwork(weights, new NetworkOptions(pooling, PoolingScale: scale));
        var image = zeros(1, 3, 2, 2);
        image[0, 0] = tensor(new[] { 1f, 2, 3, 4 }, [2, 2]);
        Assert.Equal(expected, network.Forward(image, [new VggLayer(2, 1)])[new VggLayer(2, 1)].item<float>());
    }

    [Fact]
    public void A_forward_pass_leaves_nothing_outside_the_dispose_scope()
    {
        using var outer = NewDisposeScope();
        // wide enough for the fused pass where the CPU has it
        using var network = new VggNetwork(TinyNetworks.Random([64, 64, 64, 64]), new NetworkOptions());
        using var image = TinyNetworks.Picture(48, 48, 1);
        using (NewDisposeScope()) network.Forward(image, [new(1, 1), new(4, 2)]); // the buffers of the network stay
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (NewDisposeScope()) Assert.Equal(2, network.Forward(image, [new(1, 1), new(4, 2)]).Count);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void A_network_trained_on_bgr_sees_what_the_rgb_one_with_turned_kernels_sees()
    {
        using var scope = NewDisposeScope();
        var bgr = TinyNetworks.Random([4], preprocessing: new Preprocessing(ChannelOrder.Bgr, 255, [1, 2, 3], [4, 5, 6]));
        var first = bgr.Convolutions[0];
        var turned = new float[first.Kernel.Length];
        for (var o = 0; o < first.OutChannels; o++)
        {
            for (var c = 0; c < 3; c++) Array.Copy(first.Kernel, (o * 3 + c) * 9, turned, (o * 3 + 2 - c) * 9, 9);
        }
        var rgb = bgr with { Convolutions = [first with { Kernel = turned }, .. bgr.Convolutions.Skip(1)],
            Preprocessing = new Preprocessing(ChannelOrder.Rgb, 255, [3, 2, 1], [6, 5, 4]) };
        using var a = new VggNetwork(bgr, new NetworkOptions());
        using var b = new VggNetwork(rgb, new NetworkOptions());
        var image = TinyNetworks.Picture(16, 12, 1);
        VggLayer layer = new(1, 2);
        Assert.Equal(a.Forward(image, [layer])[layer].data<float>().ToArray(), b.Forward(image, [layer])[layer].data<float>().ToArray());
    }

    [Fact]
    public void A_picture_too_small_to_be_pooled_that_often_is_refused()
    {
        using var scope = NewDisposeScope();
        using var network = new VggNetwork(TinyNetworks.Random(), new NetworkOptions());
        var failure = Assert.Throws<InvalidInputException>(() => network.Forward(zeros(1, 3, 8, 64), [new VggLayer(5, 1)]));
        Assert.Contains("64x8", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void With_circular_padding_a_rolled_picture_gives_rolled_activations()
    {
        using var scope = NewDisposeScope();
        using var network = new VggNetwork(TinyNetworks.Random(), new NetworkOptions(Padding: PaddingMode.Circular));
        var image = TinyNetworks.Picture(64, 48, 1);
        VggLayer layer = new(4, 1);
        var features = network.Forward(image, [layer])[layer];
        var rolled = network.Forward(image.roll([16, 32], [2, 3]), [layer])[layer];
        Assert.InRange((rolled - features.roll([2, 4], [2, 3])).abs().max().ToDouble(), 0, 1e-4);
    }

    [Fact]
    public void The_border_of_a_style_leaves_no_mark_in_the_target_of_a_seamless_result()
    {
        using var scope = NewDisposeScope();
        var seamless = new NetworkOptions(Padding: PaddingMode.Circular);
        using var network = new VggNetwork(TinyNetworks.Random(), seamless with { Padding = seamless.StylePadding });
        VggLayer[] layers = [new(1, 1), new(2, 1), new(3, 1), new(4, 1)];
        foreach (var (layer, features) in network.Forward(full([1, 3, 64, 48], 0.6f), layers))
        {
            var spread = features.amax([2, 3]) - features.amin([2, 3]); // a flat style has the same activations everywhere
            Assert.True(spread.max().ToDouble() < 1e-4, layer.ToString());
        }
    }

    private static VggWeights SumOfRed()
    {
        var kernel = new float[27];
        kernel.AsSpan(0, 9).Fill(1);
        return new VggWeights("sum", "", [new(new(1, 1), 1, 3, kernel, [0])], Plain, null);
    }
}
