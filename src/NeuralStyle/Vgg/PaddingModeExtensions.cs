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
    /// <param name="sliced">Whether to copy slices instead of calling libtorch's padding; null decides by the device.</param>
    /// <returns>N×C×(H+2)×(W+2).</returns>
    public static Tensor Around(this PaddingMode padding, Tensor x, bool first, bool? sliced = null)
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
        // on a GPU libtorch's gradients of its paddings add up in any order: results would differ from run to run
        return (sliced ?? x.device_type != DeviceType.CPU) && mode != PaddingModes.Zeros
            ? Lengthened(Lengthened(x, 2, mode), 3, mode)
            : nn.functional.pad(x, [1, 1, 1, 1], mode);
    }

    /// <summary>The same along one dimension, of slices.</summary>
    private static Tensor Lengthened(Tensor x, int dimension, PaddingModes mode)
    {
        using var scope = NewDisposeScope();
        var length = x.shape[dimension];
        (long Before, long After) at = mode switch
        {
            PaddingModes.Reflect => (1, length - 2),
            PaddingModes.Circular => (length - 1, 0),
            _ => (0, length - 1),
        };
        return cat([x.narrow(dimension, at.Before, 1), x, x.narrow(dimension, at.After, 1)], dimension).MoveToOuterDisposeScope();
    }
}
