using System.Globalization;
using NeuralStyle.Runtime.Native;
using TorchSharp;

namespace NeuralStyle.Runtime;

/// <summary>Chooses where to compute.</summary>
public static class ComputeDevice
{
    /// <summary>
    /// Reads <c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>. <c>auto</c> takes the first CUDA device if there is one, else the
    /// CPU.
    /// </summary>
    /// <exception cref="InvalidInputException">The text is none of these, or asks for a CUDA device that is not there.</exception>
    public static torch.Device Select(string text)
    {
        TorchRuntime.Initialize();
        switch (text.ToLowerInvariant())
        {
            case "cpu": return torch.CPU;
            case "auto": return torch.cuda.is_available() ? torch.device("cuda:0") : torch.CPU;
            case "cuda": return Cuda(0);
            case "mps":
                throw new InvalidInputException("RunSettings.Device mps: Apple's GPUs are not supported, because nst adds up losses in "
                    + "float64, which they do not have (docs/gpu.md); use RunSettings.Device cpu");
        }
        if (text.StartsWith("cuda:", StringComparison.OrdinalIgnoreCase)
            && int.TryParse(text.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var index)) return Cuda(index);
        throw new InvalidInputException($"RunSettings.Device '{text}' is not known; expected auto, cpu, cuda or cuda:N");
    }

    /// <summary>Turns libtorch's message about memory into advice; null for other failures.</summary>
    public static RunFailedException? ExplainOutOfMemory(Exception failure)
    {
        if (failure.Message.Contains("CUDA out of memory", StringComparison.OrdinalIgnoreCase))
            return new RunFailedException(
                "the GPU has not enough memory for this size; choose a smaller StyleSettings.Size, or RunSettings.Device cpu", failure);
        if (failure is OutOfMemoryException || failure.Message.Contains("can't allocate memory", StringComparison.OrdinalIgnoreCase))
            return new RunFailedException(ProcessLimits.AddressSpace is { } space
                ? string.Create(CultureInfo.InvariantCulture,
                    $"there is not enough memory for this size: the address space of this process is limited to "
                    + $"{space / (double)(1L << 30):0.##} GiB (ulimit -v); raise it, or choose a smaller StyleSettings.Size")
                : "there is not enough memory for this size; choose a smaller StyleSettings.Size or close other programs", failure);
        return null;
    }

    private static torch.Device Cuda(int index)
    {
        if (!torch.cuda.is_available())
            throw new InvalidInputException("RunSettings.Device cuda: no CUDA device can be used here; install an NVIDIA driver and the "
                + "CUDA build of nst, or name an installed PyTorch by NST_LIBTORCH (see docs/gpu.md), or use RunSettings.Device cpu");
        var count = torch.cuda.device_count();
        if (index >= count)
            throw new InvalidInputException(string.Create(CultureInfo.InvariantCulture,
                $"RunSettings.Device cuda:{index}: there are only {count} CUDA devices, cuda:0 to cuda:{count - 1}"));
        return torch.device($"cuda:{index}");
    }
}
