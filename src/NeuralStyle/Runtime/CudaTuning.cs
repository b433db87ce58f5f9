using TorchSharp;

namespace NeuralStyle.Runtime;

/// <summary>How convolutions on a CUDA device multiply. Everything else is float32 in any case.</summary>
public enum ConvolutionPrecision
{
    /// <summary>With all 24 bits of a float32.</summary>
    Float32,

    /// <summary>Factors rounded to 11 bits, sums in float32: what tensor cores since NVIDIA's Ampere do fastest.</summary>
    Tf32,
}

/// <summary>What is set for CUDA devices alone; the CPU computes as if this file were not there.</summary>
/// <remarks>
/// TorchSharp 0.107.0 has the two switches for TF32 and no other: none for cuDNN's search for the fastest algorithm
/// (<c>cudnn.benchmark</c>), none for memory formats, no count of device memory. Channels-last is reached through strides.
/// </remarks>
public static class CudaTuning
{
    /// <summary>Makes a device ready. For the whole process: the last precision that was asked for counts for every CUDA device.</summary>
    /// <param name="device">Where a run will compute.</param>
    /// <param name="precision">Of convolutions. libtorch's own default is TF32; ours is not, until someone has measured what it does to the loss.</param>
    /// <exception cref="InvalidInputException">The device has no such precision.</exception>
    public static void Use(torch.Device device, ConvolutionPrecision precision)
    {
        if (device.type != DeviceType.CUDA)
        {
            if (precision == ConvolutionPrecision.Float32) return;
            throw new InvalidInputException($"--precision {ValueNames.Of(precision)} is of no effect on the device {device}, which computes in float32; leave it out, or give --device cuda");
        }
        torch.backends.cudnn.allow_tf32 = precision == ConvolutionPrecision.Tf32;
        torch.backends.cuda.matmul.allow_tf32 = false; // Gram sums run over up to millions of positions, and the gradient hangs on small differences of them
    }

    /// <summary>Whether kernels and activations lie with the channels of a position side by side there: what tensor cores take without turning them round.</summary>
    internal static bool PrefersChannelsLast(torch.Device? device, torch.ScalarType dtype) => device?.type == DeviceType.CUDA && dtype == torch.ScalarType.Float32;

    /// <summary>The same values with the second dimension innermost in memory; the shape stays.</summary>
    /// <param name="value">N×C×H×W.</param>
    internal static torch.Tensor ChannelsLast(torch.Tensor value) => value.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
}
