namespace NeuralStyle.Vgg;

/// <summary>One 3×3 convolution as plain arrays, before any tensor exists.</summary>
/// <param name="Layer">Its place in the network.</param>
/// <param name="OutChannels">Number of filters, O.</param>
/// <param name="InChannels">Number of input channels, I.</param>
/// <param name="Kernel">O×I×3×3 values, the last index fastest.</param>
/// <param name="Bias">O values.</param>
public sealed record ConvolutionWeights(VggLayer Layer, int OutChannels, int InChannels, float[] Kernel, float[] Bias);

/// <summary>
/// The convolutions of a VGG network in order of depth, from any file format. Pure data: reading it needs no libtorch.
/// </summary>
/// <param name="Name">What users call it: <c>vgg19</c>, <c>builtin</c>, or a file name.</param>
/// <param name="Sha256">Lower-case hexadecimal SHA-256 that identifies the weights: of the file, or of the values for the built-in
/// network.</param>
/// <param name="Convolutions">In order of depth; InChannels of each is OutChannels of the one before it; the first has 3.</param>
/// <param name="Preprocessing">How pictures enter the network.</param>
/// <param name="Padding">The padding that the file asks for; null when it does not say.</param>
public sealed record VggWeights(
    string Name, string Sha256, IReadOnlyList<ConvolutionWeights> Convolutions, Preprocessing Preprocessing, PaddingMode? Padding)
{
    /// <summary>Factor of the content loss, compared with a trained VGG, that gives the same balance; found by eye.</summary>
    public double ContentFactor { get; init; } = 1;

    /// <summary>
    /// Why the preprocessing was assumed, if neither the file nor its values nor the user give it; null if it is known.
    /// </summary>
    public string? PreprocessingGuess { get; init; }

    /// <summary>The deepest layer that a loss can use.</summary>
    public VggLayer Deepest => Convolutions[^1].Layer;

    /// <summary>The same network for pictures whose channels are in RGB order.</summary>
    public VggWeights InRgbOrder()
    {
        if (Preprocessing.Order == ChannelOrder.Rgb) return this;
        var first = Convolutions[0];
        var kernel = new float[first.Kernel.Length];
        for (var i = 0; i < kernel.Length; i++)
        {
            var (filter, channel, tap) = (i / 27, i / 9 % 3, i % 9);
            kernel[i] = first.Kernel[filter * 27 + (2 - channel) * 9 + tap];
        }
        return this with
        {
            Convolutions = [first with { Kernel = kernel }, .. Convolutions.Skip(1)],
            Preprocessing = Preprocessing with
            {
                Order = ChannelOrder.Rgb,
                Mean = Preprocessing.Mean.Reverse().ToArray(),
                StandardDeviation = Preprocessing.StandardDeviation.Reverse().ToArray(),
            },
        };
    }
}
