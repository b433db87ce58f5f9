using NeuralStyle.Vgg;
using static TorchSharp.torch;

namespace NeuralStyle.Benchmarks.Speed;

/// <summary>The work that is timed: VGG-19 at full width up to relu5_1 with random weights, and random pictures.</summary>
internal static class FullWidth
{
    /// <summary>The five layers of the Gram losses.</summary>
    public static IReadOnlyList<VggLayer> Layers { get; } = Enumerable.Range(1, 5).Select(block => new VggLayer(block, 1)).ToArray();

    /// <summary>Weights whose activations keep about the size of their input (He et al. 2015).</summary>
    public static VggWeights Weights()
    {
        (int Block, int Count, int Width)[] blocks = [(1, 2, 64), (2, 2, 128), (3, 4, 256), (4, 4, 512), (5, 1, 512)];
        var random = new Random(1);
        List<ConvolutionWeights> convolutions = [];
        var inputs = 3;
        foreach (var (block, count, width) in blocks)
        {
            for (var index = 1; index <= count; index++)
            {
                var kernel = new float[width * inputs * 9];
                var bound = Math.Sqrt(6.0 / (inputs * 9)); // a uniform distribution of the variance 2 / (9·inputs)
                for (var i = 0; i < kernel.Length; i++) kernel[i] = (float)((random.NextDouble() * 2 - 1) * bound);
                convolutions.Add(new ConvolutionWeights(new VggLayer(block, index), width, inputs, kernel, new float[width]));
                inputs = width;
            }
        }
        return new VggWeights("full width", "random", convolutions,
            new Preprocessing(ChannelOrder.Rgb, 1, [0.5f, 0.5f, 0.5f], [0.25f, 0.25f, 0.25f]), null);
    }

    /// <summary>A random picture, 1×3×size×size in [0, 1].</summary>
    public static Tensor Picture(int size, int seed)
    {
        using var generator = new Generator((ulong)seed);
        return rand([1, 3, size, size], generator: generator);
    }

    /// <summary>Floating-point operations of one evaluation by direct convolution, forward and backward.</summary>
    public static double Operations(VggWeights weights, int width, int height)
    {
        var total = 0.0;
        foreach (var convolution in weights.Convolutions)
        {
            var (w, h) = (width >> (convolution.Layer.Block - 1), height >> (convolution.Layer.Block - 1));
            total += 2.0 * 2 * 9 * convolution.InChannels * convolution.OutChannels * w * h;
        }
        return total;
    }
}
