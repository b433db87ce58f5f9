using TorchSharp;

namespace NeuralStyle.Runtime;

/// <summary>How convolutions on a CUDA device multiply. Everything else is float32 or float64 in any case.</summary>
public enum ConvolutionPrecision
{
    /// <summary>With all 24 bits of a float32.</summary>
    Float32,

    /// <summary>Factors rounded to 11 bits, sums in float32: fastest on tensor cores since NVIDIA's Ampere.</summary>
    Tf32,
}

/// <summary>How a CUDA device computes.</summary>
/// <param name="Precision">How convolutions multiply; null is TF32.</param>
/// <param name="Search">Whether cuDNN tries its algorithms at every new size and takes the fastest. The choice may change from run
/// to run, and so may the last bits; otherwise only algorithms are taken whose results repeat.</param>
/// <param name="Record">Whether evaluations of small pictures are recorded and started as a whole (CUDA graphs).</param>
public sealed record CudaSettings(ConvolutionPrecision? Precision = null, bool Search = false, bool Record = true);

/// <summary>Settings for CUDA devices only; they do not affect the CPU.</summary>
/// <remarks>
/// TorchSharp 0.107.0 has the two switches for TF32 and no other: <c>CudnnSwitches</c> and <c>CudaGraph</c> reach past it, and there is
/// nothing for memory formats, and no count of device memory. Channels-last is reached through strides.
/// </remarks>
public static class CudaTuning
{
    private static volatile bool s_usesTensorCores, s_records;

    /// <summary>Prepares a device. Applies to the whole process: the last call counts for every CUDA device.</summary>
    /// <param name="device">Where a run will compute.</param>
    /// <param name="settings">How.</param>
    /// <exception cref="InvalidInputException">The device, or this libtorch, does not support the setting.</exception>
    public static void Use(torch.Device device, CudaSettings settings)
    {
        if (device.type != DeviceType.CUDA)
        {
            if (settings.Precision == ConvolutionPrecision.Tf32)
                throw new InvalidInputException($"CudaSettings.Precision tf32 has no effect on the device {device}, which computes in "
                    + $"float32; leave it out, or give RunSettings.Device cuda");
            if (settings.Search)
                throw new InvalidInputException($"CudaSettings.Search has no effect on the device {device}, which has no cuDNN; leave "
                    + $"it out, or give RunSettings.Device cuda");
            return;
        }
        if (!CudnnSwitches.TrySearch(settings.Search) && settings.Search)
            throw new InvalidInputException(
                "CudaSettings.Search cannot be used: this libtorch has no switch for it; leave it out");
        CudnnSwitches.TryRepeat(!settings.Search);
        s_usesTensorCores = PrecisionOn(device, settings) == ConvolutionPrecision.Tf32;
        s_records = settings.Record;
        torch.backends.cudnn.allow_tf32 = s_usesTensorCores;
        // Gram sums run over up to millions of positions, and the gradient depends on small differences between them
        torch.backends.cuda.matmul.allow_tf32 = false;
    }

    /// <summary>How convolutions multiply on a device.</summary>
    internal static ConvolutionPrecision PrecisionOn(torch.Device device, CudaSettings settings) =>
        device.type == DeviceType.CUDA ? settings.Precision ?? ConvolutionPrecision.Tf32 : ConvolutionPrecision.Float32;

    /// <summary>
    /// Whether kernels and activations are stored channels-last there, the channels of a position side by side: tensor cores need no
    /// other order, and convolutions in float32 are faster without it.
    /// </summary>
    internal static bool PrefersChannelsLast(torch.Device? device, torch.ScalarType dtype) =>
        device?.type == DeviceType.CUDA && dtype == torch.ScalarType.Float32 && s_usesTensorCores;

    /// <summary>Whether evaluations may be recorded there.</summary>
    internal static bool Records(torch.Device device) => device.type == DeviceType.CUDA && s_records && CudaGraph.CanRecord;

    /// <summary>The same values with the second dimension innermost in memory; the shape stays.</summary>
    /// <param name="value">N×C×H×W.</param>
    internal static torch.Tensor ChannelsLast(torch.Tensor value) => value.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
}
