using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Vgg;

/// <summary>Applies a <see cref="PaddingMode"/>.</summary>
internal static class PaddingModeExtensions
{
    /// <summary>Whether a convolution has zero padding, which libtorch's convolutions add without a copy.</summary>
    /// <param name="padding">The mode.</param>
    /// <param name="first">Whether it is the first convolution of the network.</param>
    public static bool IsZero(this PaddingMode padding, bool first) =>
        padding == PaddingMode.Zero || (padding == PaddingMode.Replicate && !first);

    /// <summary>Surrounds an input by one pixel.</summary>
    /// <param name="padding">The mode.</param>
    /// <param name="x">N×C×H×W.</param>
    /// <param name="first">Whether it is the input of the first convolution.</param>
    /// <returns>N×C×(H+2)×(W+2).</returns>
    public static Tensor Around(this PaddingMode padding, Tensor x, bool first)
    {
        var mode = padding switch
        {
            PaddingMode.Reflect => PaddingModes.Reflect,
            PaddingMode.Circular => PaddingModes.Circular,
            _ when padding.IsZero(first) => PaddingModes.Zeros,
            _ => PaddingModes.Replicate,
        };
        // a single pixel cannot be mirrored
        if (mode == PaddingModes.Reflect && (x.shape[2] < 2 || x.shape[3] < 2)) mode = PaddingModes.Replicate;
        return nn.functional.pad(x, [1, 1, 1, 1], mode);
    }
}
