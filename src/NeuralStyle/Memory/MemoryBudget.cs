using System.Globalization;
using NeuralStyle.Runtime;
using TorchSharp;

namespace NeuralStyle.Memory;

/// <summary>How much memory a run may take.</summary>
internal static class MemoryBudget
{
    private const double Share = 0.7; // of free memory: the system's file cache and other programs need some
    private const double Gibibyte = 1L << 30;

    /// <summary>Reads <c>4G</c>, <c>900M</c> or a number of bytes; units are powers of 1024.</summary>
    /// <exception cref="InvalidInputException">The text is not an amount of memory, or less than 64 MiB.</exception>
    public static long Parse(string option, string text)
    {
        var amount = text.ToUpperInvariant();
        if (amount.EndsWith('B')) amount = amount[..^1]; // 4GB and 4GiB are what others call 4G
        if (amount.EndsWith('I')) amount = amount[..^1];
        var unit = amount.Length > 0
            ? amount[^1] switch { 'K' => 1L << 10, 'M' => 1L << 20, 'G' => 1L << 30, 'T' => 1L << 40, _ => 1L }
            : 1L;
        var number = unit == 1 ? amount : amount[..^1];
        if (!double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            || !(value * unit >= 64L << 20 && value * unit <= 1L << 50))
            throw new InvalidInputException(
                $"{option} '{text}' is not an amount of memory of at least 64M; expected for instance 4G or 900M");
        return (long)(value * unit);
    }

    /// <summary>70 % of what is free now: on a GPU, or in the system within the limits of a container.</summary>
    /// <param name="device">The device of the run; null for the CPU.</param>
    public static long Default(torch.Device? device = null)
    {
        if (device?.type == DeviceType.CUDA && GpuMemory.Free(Math.Max(0, device.index)) is { } onGpu) return (long)(Share * onGpu);
        var limit = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes - Environment.WorkingSet; // knows the limits of containers
        return (long)(Share * Math.Max(64L << 20, Math.Min(limit, OnSystem("MemAvailable") ?? limit)));
    }

    /// <summary>An amount as text.</summary>
    public static string Format(double bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / Gibibyte:0.##} GiB");

    /// <summary>A row of Linux's account of memory, in bytes; null if there is none.</summary>
    /// <param name="field">Its name: <c>MemAvailable</c>.</param>
    public static long? OnSystem(string field)
    {
        var line = SystemFiles.Lines("/proc/meminfo").FirstOrDefault(line => line.StartsWith(field + ":", StringComparison.Ordinal));
        return line is not null
            && long.TryParse(line[(field.Length + 1)..]
                .Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture, out var kilobytes) ? kilobytes << 10 : null;
    }
}
