using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using TorchSharp;

namespace NeuralStyle.Benchmarks.Gpu;

/// <summary>Memory of a GPU as the driver counts it, for all processes together: TorchSharp has no count of its own.</summary>
/// <remarks>libtorch keeps what it once took, so what is held at the end is the peak; the CUDA context is part of it.</remarks>
internal static class DeviceMemory
{
    /// <summary>Megabytes in use; null where there is no GPU or no nvidia-smi to ask.</summary>
    public static double? Megabytes(torch.Device device)
    {
        if (device.type != DeviceType.CUDA) return null;
        try
        {
            using var process = Process.Start(new ProcessStartInfo("nvidia-smi", ["-i", NameOf(Math.Max(0, device.index)), "--query-gpu=memory.used", "--format=csv,noheader,nounits"])
                { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return double.TryParse(output.Split('\n')[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var mebibytes) ? mebibytes * 1.048576 : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    /// <summary>What nvidia-smi calls the device that CUDA calls by this number.</summary>
    private static string NameOf(int index) =>
        Environment.GetEnvironmentVariable("CUDA_VISIBLE_DEVICES") is { Length: > 0 } visible ? visible.Split(',')[index].Trim() : index.ToString(CultureInfo.InvariantCulture);
}
