using System.Globalization;

namespace NeuralStyle.Weights;

/// <summary>
/// Distinguishes networks for pictures in 0–255 from those for unit variance by the norms of their kernels. Both end in activations of the
/// same magnitude, so a network that begins with sixty times larger numbers must shrink them: the norms of Oxford's filters from block 2 on
/// are 0.38 to 0.75, 0.52 in the geometric mean (0.3 to 0.6 with normalised activations); torchvision's are 1.2 to 1.4. The first layer
/// alone does not tell: 0.9 and 1.1.
/// </summary>
internal static class KernelSize
{
    private const double Border = 0.85;
    private const int NarrowestNetwork = 16, FewestLayers = 3; // test networks have kernels of any norm

    /// <summary>Whether the norms say that the network is for 0–255, and the mean norm as text.</summary>
    /// <returns>Null when the network is too small to tell.</returns>
    public static (bool IsFullRange, string Text)? Range(NetworkAssembler network)
    {
        var deeper = network.Convolutions.Where(found => found.Layer.Block > 1).ToArray();
        if (deeper.Length < FewestLayers || network.Layout.Channels(network.Convolutions[0].Kernel.Info.Shape).Out < NarrowestNetwork)
            return null;
        if (deeper.Any(found => found.IsNormalized)) return null; // normalised between layers: norms say nothing
        var size = Math.Exp(deeper.Average(found => Math.Log(MeanNorm(network.Read(found)))));
        return (size < Border, string.Create(CultureInfo.InvariantCulture, $"mean norm {size:F2}"));
    }

    private static double MeanNorm(Vgg.ConvolutionWeights convolution)
    {
        var size = convolution.InChannels * 9;
        var sum = 0.0;
        for (var o = 0; o < convolution.OutChannels; o++)
        {
            var squares = 0.0;
            foreach (var value in convolution.Kernel.AsSpan(o * size, size)) squares += (double)value * value;
            sum += Math.Sqrt(squares);
        }
        return Math.Max(sum / convolution.OutChannels, double.Epsilon);
    }
}
