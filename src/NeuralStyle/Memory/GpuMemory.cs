using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace NeuralStyle.Memory;

/// <summary>The memory of NVIDIA GPUs, from the driver's <c>nvidia-smi</c>, because TorchSharp does not report it.</summary>
internal static class GpuMemory
{
    private const double Mebibyte = 1 << 20;

    /// <summary>Bytes in use on a GPU, by all programs; null if there is no GPU or no nvidia-smi.</summary>
    /// <param name="index">CUDA's number of the device.</param>
    public static long? Used(int index) => Ask(index, "memory.used");

    /// <summary>Bytes free on a GPU; null if there is no GPU or no nvidia-smi.</summary>
    /// <param name="index">CUDA's number of the device.</param>
    public static long? Free(int index) => Ask(index, "memory.free");

    private static long? Ask(int index, string what)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo("nvidia-smi", ["-i", NameOf(index), $"--query-gpu={what}", "--format=csv,noheader,nounits"])
                { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0
                && double.TryParse(output.Split('\n')[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var mebibytes)
                    ? (long)(mebibytes * Mebibyte)
                    : null;
        }
        catch (Win32Exception)
        {
            return null; // not installed
        }
    }

    /// <summary>The name in nvidia-smi of the device with this number in CUDA.</summary>
    private static string NameOf(int index) =>
        Environment.GetEnvironmentVariable("CUDA_VISIBLE_DEVICES")?.Split(',').ElementAtOrDefault(index)?.Trim() is { Length: > 0 } name
            ? name
            : index.ToString(CultureInfo.InvariantCulture);
}
