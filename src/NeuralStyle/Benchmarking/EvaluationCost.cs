using NeuralStyle.Imaging;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;

namespace NeuralStyle.Benchmarking;

/// <summary>The work of an evaluation, in operations.</summary>
internal static class EvaluationCost
{
    /// <summary>
    /// Floating-point operations of one evaluation, loss and gradient, as direct convolutions: 2·9·I·O for each position of a layer on
    /// the forward pass, and as many in the backward pass. Statistics, activations and pooling are not counted (about 5 % with VGG-19).
    /// </summary>
    /// <remarks>Winograd's convolutions need fewer multiplications, so that a machine may seem to do more than its peak.</remarks>
    /// <param name="convolutions">The network in order of depth.</param>
    /// <param name="deepest">The deepest layer of a loss.</param>
    /// <param name="size">The picture.</param>
    public static double Operations(IEnumerable<ConvolutionWeights> convolutions, VggLayer deepest, PixelSize size) => convolutions
        .TakeWhile(convolution => convolution.Layer.CompareTo(deepest) <= 0)
        .Sum(convolution =>
        {
            var stride = convolution.Layer.Stride;
            return 2.0 * 2 * 9 * convolution.InChannels * convolution.OutChannels * (size.Width / stride) * (size.Height / stride);
        });

    /// <summary>The deepest layer of the losses of these settings.</summary>
    public static VggLayer Deepest(StyleSettings settings) => settings.UsedLayers.Max();
}
