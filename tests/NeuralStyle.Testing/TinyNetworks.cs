using NeuralStyle.Vgg;
using static TorchSharp.torch;

namespace NeuralStyle.Testing;

/// <summary>Small random networks of VGG shape, the same for the same seed.</summary>
internal static class TinyNetworks
{
    /// <summary>Convolutions per block of VGG-19.</summary>
    private static readonly int[] Vgg19 = [2, 2, 4, 4, 4];

    /// <summary>Weights whose activations keep about the size of their input (He et al. 2015).</summary>
    /// <param name="widths">Channels of each block.</param>
    /// <param name="blocks">Convolutions in each block; null for VGG-19's.</param>
    /// <param name="seed">Decides every value.</param>
    /// <param name="preprocessing">Null for RGB in [0, 1] less one half, times two.</param>
    public static VggWeights Random(int[]? widths = null, int[]? blocks = null, int seed = 1, Preprocessing? preprocessing = null)
    {
        widths ??= [4, 6, 8, 8, 8];
        blocks ??= Vgg19[..widths.Length];
        var random = new Random(seed);
        List<ConvolutionWeights> convolutions = [];
        var inChannels = 3;
        for (var block = 0; block < blocks.Length; block++)
        {
            for (var index = 0; index < blocks[block]; index++)
            {
                var kernel = Values(random, widths[block] * inChannels * 9, Math.Sqrt(2.0 / (inChannels * 9)));
                convolutions.Add(new ConvolutionWeights(new VggLayer(block + 1, index + 1), widths[block], inChannels, kernel,
                    Values(random, widths[block], 0.1)));
                inChannels = widths[block];
            }
        }
        return new VggWeights("tiny", $"seed-{seed}", convolutions, preprocessing
            ?? new Preprocessing(ChannelOrder.Rgb, 1, [0.5f, 0.5f, 0.5f], [0.5f, 0.5f, 0.5f]), null);
    }

    /// <summary>A smooth picture with some noise, 1×3×H×W in [0.05, 0.95].</summary>
    public static Tensor Picture(int width, int height, int seed, ScalarType dtype = ScalarType.Float32)
    {
        var random = new Random(seed);
        var values = new double[3 * height * width];
        for (var channel = 0; channel < 3; channel++)
        {
            var (fx, fy, phase) = (random.NextDouble() * 9 + 1, random.NextDouble() * 9 + 1, random.NextDouble() * 6);
            for (var y = 0; y < height; y++)
            {
                for (var x = 0; x < width; x++)
                    values[(channel * height + y) * width + x] = 0.5 + 0.35 * Math.Sin(fx * x / width + fy * y / height + phase) + 0.1
                        * (random.NextDouble() * 2 - 1);
            }
        }
        return tensor(values, [1, 3, height, width], dtype);
    }

    private static float[] Values(Random random, int count, double deviation)
    {
        var values = new float[count];
        for (var i = 0; i < count; i++)
            values[i] =
                (float)(deviation * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        return values;
    }
}
