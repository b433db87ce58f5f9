using TorchSharp;

namespace NeuralStyle.Runtime;

/// <summary>How convolutions multiply. Everything else is float32 or float64 in any case.</summary>
public enum ConvolutionPrecision
{
    /// <summary>With all 24 bits of a float32.</summary>
    Float32,

    /// <summary>CUDA: factors rounded to 11 bits, sums in float32: fastest on tensor cores since NVIDIA's Ampere.</summary>
    Tf32,

    /// <summary>
    /// CPU: factors and results rounded to 8 bits, sums in float32: fastest on processors with AMX, Intel's servers since Sapphire Rapids.
    /// </summary>
    Bfloat16,
}

/// <summary>How a device computes.</summary>
/// <param name="Precision">How convolutions multiply; null is TF32 on CUDA, bfloat16 on a CPU with AMX, float32 on others.</param>
/// <param name="Search">Whether, on CUDA, cuDNN tries its algorithms at every new size and takes the fastest. The choice may change from
/// run to run, and so may the last bits; otherwise only algorithms are taken whose results repeat.</param>
/// <param name="Record">Whether, on CUDA, evaluations of small pictures are recorded and started as a whole (CUDA graphs).</param>
public sealed record ComputeSettings(ConvolutionPrecision? Precision = null, bool Search = false, bool Record = true);

/// <summary>Settings of devices, for the whole process.</summary>
/// <remarks>
/// TorchSharp 0.107.0 has the two switches for TF32 and no other: <c>LibtorchSwitches</c> and <c>CudaGraph</c> reach past it, and there is
/// nothing for memory formats, and no count of device memory. Channels-last is reached through strides.
/// </remarks>
public static class ComputeTuning
{
    /// <summary>
    /// Iterations of a scale. After about 170, L-BFGS gains less in an iteration than the rounding to bfloat16 changes the loss by, and
    /// comes to a stop, 1 % above where float32 ends after 300.
    /// </summary>
    private const int MostRounded = 150;

    private static volatile bool s_usesTensorCores, s_records;
    private static volatile ComputeSettings s_onCpu = new(ConvolutionPrecision.Float32);

    /// <summary>Prepares a device. Applies to the whole process: the last call counts for every device of its kind.</summary>
    /// <param name="device">Where a run will compute.</param>
    /// <param name="settings">How.</param>
    /// <exception cref="InvalidInputException">The device, or this libtorch, does not support the setting.</exception>
    public static void Use(torch.Device device, ComputeSettings settings)
    {
        if (device.type != DeviceType.CUDA)
        {
            if (settings.Precision == ConvolutionPrecision.Tf32)
                throw new InvalidInputException($"ComputeSettings.Precision tf32 has no effect on the device {device}; leave it out, or "
                    + $"give RunSettings.Device cuda");
            if (settings.Precision == ConvolutionPrecision.Bfloat16 && !MatrixUnit.IsPresent)
                throw new InvalidInputException($"ComputeSettings.Precision bfloat16 needs a processor with AMX, which this one has not, "
                    + $"or its use is switched off; leave it out");
            if (settings.Search)
                throw new InvalidInputException($"ComputeSettings.Search has no effect on the device {device}, which has no cuDNN; leave "
                    + $"it out, or give RunSettings.Device cuda");
            s_onCpu = settings;
            return;
        }
        if (settings.Precision == ConvolutionPrecision.Bfloat16)
            throw new InvalidInputException($"ComputeSettings.Precision bfloat16 is for processors with AMX, not for the device {device}; "
                + $"leave it out, or give RunSettings.Device cpu");
        if (!LibtorchSwitches.TrySearch(settings.Search) && settings.Search)
            throw new InvalidInputException(
                "ComputeSettings.Search cannot be used: this libtorch has no switch for it; leave it out");
        LibtorchSwitches.TryRepeat(!settings.Search);
        s_usesTensorCores = settings.Precision != ConvolutionPrecision.Float32;
        s_records = settings.Record;
        torch.backends.cudnn.allow_tf32 = s_usesTensorCores;
        // Gram sums run over up to millions of positions, and the gradient depends on small differences between them
        torch.backends.cuda.matmul.allow_tf32 = false;
    }

    /// <summary>How convolutions multiply on a device.</summary>
    /// <param name="device">Where.</param>
    /// <param name="settings">What is asked for.</param>
    /// <param name="iterations">At most so many at a scale.</param>
    internal static ConvolutionPrecision PrecisionOn(torch.Device device, ComputeSettings settings, int iterations) =>
        settings.Precision ?? (device.type == DeviceType.CUDA ? ConvolutionPrecision.Tf32
            : device.type == DeviceType.CPU && MatrixUnit.IsPresent && iterations <= MostRounded ? ConvolutionPrecision.Bfloat16
            : ConvolutionPrecision.Float32);

    /// <summary>The same for networks on the CPU, by the settings of the last <see cref="Use"/>; float32 before it.</summary>
    internal static ConvolutionPrecision OnCpu(int iterations) => PrecisionOn(torch.CPU, s_onCpu, iterations);

    /// <summary>The same for any device, by the settings of the last <see cref="Use"/> for its kind.</summary>
    internal static ConvolutionPrecision On(torch.Device device, int iterations) => device.type == DeviceType.CUDA
        ? s_usesTensorCores ? ConvolutionPrecision.Tf32 : ConvolutionPrecision.Float32
        : OnCpu(iterations);

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
