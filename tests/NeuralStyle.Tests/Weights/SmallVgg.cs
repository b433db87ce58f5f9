using NeuralStyle.Vgg;

namespace NeuralStyle.Tests.Weights;

/// <summary>Slim networks with random weights, for files of every format.</summary>
internal static class SmallVgg
{
    /// <summary>Number of convolutions per block.</summary>
    public static readonly int[] Vgg19 = [2, 2, 4, 4, 4], Vgg16 = [2, 2, 3, 3, 3];

    /// <summary>A network whose values are exact in float16, so that every number format can hold it.</summary>
    public static VggWeights Create(int[]? blocks = null, int seed = 1, Preprocessing? preprocessing = null, PaddingMode? padding = null,
        int width = 4)
    {
        var random = new Random(seed);
        List<ConvolutionWeights> convolutions = [];
        var channels = 3;
        foreach (var (count, block) in (blocks ?? Vgg19).Select((count, index) => (count, index + 1)))
        {
            for (var i = 1; i <= count; i++)
            {
                var filters = width + block; // no two blocks alike, and never 3
                convolutions.Add(
                    new ConvolutionWeights(new VggLayer(block, i), filters, channels, Values(filters * channels * 9), Values(filters)));
                channels = filters;
            }
        }
        return new VggWeights("small", "", convolutions, preprocessing ?? Preprocessing.CaffeRgb, padding);

        float[] Values(int count) => Enumerable.Range(0, count).Select(_ => (float)(Half)(random.NextSingle() - 0.5f)).ToArray();
    }

    /// <summary>Asserts that two networks have bit-identical values.</summary>
    public static void AssertSame(VggWeights expected, VggWeights actual)
    {
        Assert.Equal(expected.Convolutions.Select(c => (c.Layer, c.OutChannels, c.InChannels)),
            actual.Convolutions.Select(c => (c.Layer, c.OutChannels, c.InChannels)));
        foreach (var (e, a) in expected.Convolutions.Zip(actual.Convolutions))
        {
            Assert.Equal(e.Kernel.Select(BitConverter.SingleToInt32Bits), a.Kernel.Select(BitConverter.SingleToInt32Bits));
            Assert.Equal(e.Bias.Select(BitConverter.SingleToInt32Bits), a.Bias.Select(BitConverter.SingleToInt32Bits));
        }
    }
}
