using TorchSharp;

namespace NeuralStyle.Runtime;

/// <summary>How convolutions on a CUDA device multiply. Everything else is float32 in any case.</summary>
public enum ConvolutionPrecision
{
    /// <summary>With all 24 bits of a float32.</summary>
    Float32,

    /// <summary>Factors rounded to 11 bits, sums in float32: fastest on tensor cores since NVIDIA's Ampere.</summary>
    Tf32,
}

/// <summary>How convolutions are computed on a CUDA device.</summary>
/// <param name="Precision">How they multiply.</param>
/// <param name="Search">Whether cuDNN tries its algorithms at every new size and takes the fastest. The choice may change from run
/// to run, and so may the last bits.</param>
public sealed record CudaSettings(ConvolutionPrecision Precision = ConvolutionPrecision.Float32, bool Search = false);

/// <summary>Settings for CUDA devices only; they do not affect the CPU.</summary>
/// <remarks>
/// TorchSharp 0.107.0 has the two switches for TF32 and no other: none for cuDNN's search, which <c>CudnnSearch</c> reaches past it,
/// none for memory formats, no count of device memory. Channels-last is reached through strides.
/// </remarks>
public static class CudaTuning
{
    /// <summary>Prepares a device. Applies to the whole process: the last call counts for every CUDA device.</summary>
    /// <param name="device">Where a run will compute.</param>
    /// <param name="settings">How. libtorch's own default is TF32; ours is float32, until someone has measured what TF32 does to the
    /// loss.</param>
    /// <exception cref="InvalidInputException">The device, or this libtorch, does not support the setting.</exception>
    public static void Use(torch.Device device, CudaSettings settings)
    {
        if (device.type != DeviceType.CUDA)
        {
            if (settings.Precision != ConvolutionPrecision.Float32)
                throw new InvalidInputException($"CudaSettings.Precision tf32 has no effect on the device {device}, which computes in "
                    + $"float32; leave it out, or give RunSettings.Device cuda");
            if (settings.Search)
                throw new InvalidInputException($"CudaSettings.Search has no effect on the device {device}, which has no cuDNN; leave "
                    + $"it out, or give RunSettings.Device cuda");
            return;
        }
        if (!CudnnSearch.TrySet(settings.Search) && settings.Search)
            throw new InvalidInputException(
                "CudaSettings.Search cannot be used: this libtorch has no switch for it; leave it out");
        torch.backends.cudnn.allow_tf32 = settings.Precision == ConvolutionPrecision.Tf32;
        // Gram sums run over up to millions of positions, and the gradient depends on small differences between them
        torch.backends.cuda.matmul.allow_tf32 = false;
    }

    /// <summary>
    /// Whether kernels and activations are stored channels-last there, the channels of a position side by side: tensor cores need no
    /// other order.
    /// </summary>
    internal static bool PrefersChannelsLast(torch.Device? device, torch.ScalarType dtype) =>
        device?.type == DeviceType.CUDA && dtype == torch.ScalarType.Float32;

    /// <summary>The same values with the second dimension innermost in memory; the shape stays.</summary>
    /// <param name="value">N×C×H×W.</param>
    internal static torch.Tensor ChannelsLast(torch.Tensor value) => value.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
}
