using NeuralStyle.Tests.Infra;
using NeuralStyle.Vgg;
using NeuralStyle.Weights;

namespace NeuralStyle.Tests.Weights;

/// <summary>Layers are found under every name that tools give them, whatever stands before it and beside it.</summary>
public sealed class NamesTests : IDisposable
{
    private static readonly int[] Vgg16Positions = [0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("features.{P}.{weight}")]
    [InlineData("module.features.{P}.{weight}")]
    [InlineData("state_dict.model.vgg.features.{P}.{weight}")]
    [InlineData("perceptual_loss.slice{B}.{P}.{weight}")]
    [InlineData("{P}.{weight}")]
    [InlineData("encoder.{P}.{weight}")]
    [InlineData("{P3}.{weight}")]
    [InlineData("conv{B}_{I}.{weight}")]
    [InlineData("net.conv{B}_{I}.{weight}")]
    [InlineData("conv{B}_{I}/{W}")]
    [InlineData("conv{B}_{I}_{W}")]
    [InlineData("vgg_16/conv{B}/conv{B}_{I}/{weights}")]
    [InlineData("block{B}_conv{I}/block{B}_conv{I}_2/{kernel}:0")]
    [InlineData("model_weights/vgg16/block{B}_conv{I}/{kernel}:0")]
    [InlineData("layers/functional/layers/conv2d{_N}/vars/{0}")]
    [InlineData("_layer_checkpoint_dependencies/conv2d{_N}/vars/{0}")]
    [InlineData("conv2d{_N+4}/{kernel}:0")]
    [InlineData("layer_with_weights-{N}/{kernel}/.ATTRIBUTES/VARIABLE_VALUE")]
    [InlineData("vgg0_conv{N}_{weight}")]
    [InlineData("conv{B}{I}.{weight}")]
    [InlineData("conv{N+1}.{weight}")]
    public void Every_way_of_naming_gives_the_same_network(string pattern)
    {
        var expected = SmallVgg.Create(SmallVgg.Vgg16);
        SmallVgg.AssertSame(expected, WeightsFile.Load(Write(pattern, expected).Save(_folder["w.npz"])));
        var oihw = pattern.Contains("weight}", StringComparison.Ordinal);
        SmallVgg.AssertSame(expected with { Convolutions = expected.Convolutions.Take(9).ToArray() },
            WeightsFile.Load(Write(pattern, expected with { Convolutions = expected.Convolutions.Take(9).ToArray() }, oihw)
                .Save(_folder["short.npz"])));
    }

    [Fact]
    public void The_slots_of_an_optimiser_and_averaged_copies_are_not_taken_for_the_network()
    {
        var (network, other) = (SmallVgg.Create([2, 2]), SmallVgg.Create([2, 2], seed: 9));
        var builder = Write("model.features.{P}.{weight}", network);
        Add(builder, "ema.features.{P}.{weight}", other);
        Add(builder, "optimizer.slots.momentum.features.{P}.{weight}", other);
        SmallVgg.AssertSame(network, WeightsFile.Load(builder.Save(_folder["w.npz"])));
    }

    [Fact]
    public void Of_two_networks_in_a_file_the_larger_is_read()
    {
        var (small, large) = (SmallVgg.Create([2]), SmallVgg.Create([2, 2], seed: 9));
        var builder = Write("a.features.{P}.{weight}", small);
        Add(builder, "b.features.{P}.{weight}", large);
        SmallVgg.AssertSame(large, WeightsFile.Load(builder.Save(_folder["w.npz"])));
    }

    private static NpzBuilder Write(string pattern, VggWeights network, bool oihw = true)
    {
        var builder = new NpzBuilder();
        Add(builder, pattern, network, oihw);
        return builder;
    }

    private static void Add(NpzBuilder builder, string pattern, VggWeights network, bool oihw = true)
    {
        for (var i = 0; i < network.Convolutions.Count; i++)
        {
            var c = network.Convolutions[i];
            string Name(int role) =>
                pattern.Replace("{B}", $"{c.Layer.Block}").Replace("{I}", $"{c.Layer.Index}").Replace("{P}", $"{Vgg16Positions[i]}")
                .Replace("{P3}", $"{3 * i + c.Layer.Block - 1}")
                    .Replace("{N}", $"{i}")
                    .Replace("{N+1}", $"{i + 1}")
                    .Replace("{_N}", i == 0 ? "" : $"_{i}")
                    .Replace("{_N+4}", $"_{i + 4}")
                .Replace("{weight}", role == 0 ? "weight" : "bias")
                    .Replace("{weights}", role == 0 ? "weights" : "biases")
                    .Replace("{kernel}", role == 0 ? "kernel" : "bias")
                .Replace("{W}", role == 0 ? "W" : "b").Replace("{0}", $"{role}");
            var kernel = oihw ? c.Kernel : NpzBuilder.Permute([c.OutChannels, c.InChannels, 3, 3], c.Kernel, [2, 3, 1, 0]);
            int[] shape = oihw ? [c.OutChannels, c.InChannels, 3, 3] : [3, 3, c.InChannels, c.OutChannels];
            builder.Add(Name(0), shape, kernel).Add(Name(1), [c.OutChannels], c.Bias);
        }
    }
}
