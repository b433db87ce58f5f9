using System.Runtime.CompilerServices;
using NeuralStyle.Vgg;

namespace NeuralStyle.Weights;

/// <summary>Folds linear layers next to a convolution into it, without changing what the network computes.</summary>
internal static class WeightsFolding
{
    /// <summary>
    /// Batch normalisation after a convolution (Ioffe and Szegedy 2015, with the statistics of training):
    /// <c>γ·(W∗x + b − μ)/√(σ² + ε) + β</c> is a convolution by <c>W·s</c> with the bias <c>(b − μ)·s + β</c>, where s = γ/√(σ² + ε).
    /// </summary>
    /// <exception cref="WeightsFormatException">A variance is negative.</exception>
    public static void FoldNormalization(float[] kernel, float[] bias, float[] scale, float[] shift, float[] mean, float[] variance,
        float epsilon)
    {
        var size = kernel.Length / bias.Length;
        for (var o = 0; o < bias.Length; o++)
        {
            if (variance[o] < 0) throw new WeightsFormatException("a batch normalisation has a negative variance");
            var factor = scale[o] / Math.Sqrt((double)variance[o] + epsilon);
            for (var i = 0; i < size; i++) kernel[o * size + i] = (float)(kernel[o * size + i] * factor);
            bias[o] = (float)((bias[o] - mean[o]) * factor + shift[o]);
        }
        if (ElementReader.FirstNotFinite(kernel) >= 0 || ElementReader.FirstNotFinite(bias) >= 0)
            throw new WeightsFormatException("its batch normalisation gives infinite values");
    }

    /// <summary>
    /// A 1×1 convolution that converts colours. If it takes each channel from one colour, it is a preprocessing and defines exactly what
    /// the network expects of pictures; else it is multiplied into the first convolution, which is exact with every padding but zeros.
    /// </summary>
    /// <param name="matrix">Output by input, for RGB in 0–1.</param>
    /// <param name="bias">Added to the three outputs.</param>
    /// <param name="first">conv1_1, which is changed if the matrix must be multiplied in.</param>
    /// <exception cref="WeightsFormatException">The layer leaves out a colour.</exception>
    public static Preprocessing FoldColours(float[] matrix, float[] bias, ConvolutionWeights first)
    {
        foreach (var order in Enum.GetValues<ChannelOrder>())
        {
            var sources = order == ChannelOrder.Rgb ? new[] { 0, 1, 2 } : [2, 1, 0];
            var factors = sources.Select((source, output) => matrix[output * 3 + source]).ToArray();
            if (matrix.Count(value => value != 0) != 3 || !factors.All(value => value > 0)) continue;
            // factor·pixel + bias = (pixel·range − mean)/deviation, with the range that makes the first deviation 1
            var range = factors[0];
            var deviations = factors.Select(factor => range / factor).ToArray();
            return new Preprocessing(order, range, bias.Zip(deviations, (value, deviation) => -value * deviation).ToArray(), deviations);
        }
        Multiply(matrix, bias, first);
        return new Preprocessing(ChannelOrder.Rgb, 1, [0, 0, 0], [1, 1, 1]);
    }

    /// <summary>Exchanges rows and columns of O×I×3×3 kernels.</summary>
    public static void Transpose(float[] kernel)
    {
        for (var start = 0; start < kernel.Length; start += 9)
        {
            foreach (var (a, b) in (ReadOnlySpan<(int, int)>)[(1, 3), (2, 6), (5, 7)])
                (kernel[start + a], kernel[start + b]) = (kernel[start + b], kernel[start + a]);
        }
    }

    private static void Multiply(float[] matrix, float[] bias, ConvolutionWeights first)
    {
        const int pixels = 9;
        Span<double> mixed = stackalloc double[3];
        for (var o = 0; o < first.OutChannels; o++)
        {
            var filter = first.Kernel.AsSpan(o * 3 * pixels, 3 * pixels);
            double added = first.Bias[o];
            for (var pixel = 0; pixel < pixels; pixel++)
            {
                mixed.Clear();
                for (var output = 0; output < 3; output++)
                {
                    for (var input = 0; input < 3; input++)
                        mixed[input] += (double)filter[output * pixels + pixel] * matrix[output * 3 + input];
                    added += (double)filter[output * pixels + pixel] * bias[output];
                }
                for (var input = 0; input < 3; input++) filter[input * pixels + pixel] = (float)mixed[input];
            }
            first.Bias[o] = (float)added;
        }
    }

    /// <summary>Converts steps to values, in place.</summary>
    /// <param name="kernel">O×I×3×3 whole numbers.</param>
    /// <param name="steps">O step sizes.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // once, over millions of values
    public static void ApplySteps(float[] kernel, float[] steps)
    {
        var each = kernel.Length / steps.Length;
        for (var filter = 0; filter < steps.Length; filter++)
        {
            foreach (ref var value in kernel.AsSpan(filter * each, each)) value *= steps[filter];
        }
        if (ElementReader.FirstNotFinite(kernel) >= 0)
            throw new WeightsFormatException("a kernel in 8 bits has steps that are too large");
    }
}
