using System.Globalization;
using NeuralStyle.Imaging;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;
using static TorchSharp.torch;

namespace NeuralStyle.Memory;

/// <summary>What measuring a picture takes: it is taken whole, in float64, with nothing forgotten between the layers.</summary>
internal static class MeasurementMemory
{
    // against the model of a run in float32; measured with the built-in network at 256, 512 and 768 pixels: 1.55, 1.53 and 1.33
    private const double Wider = 1.6;

    /// <summary>Fails before anything is decoded when a measurement would not fit.</summary>
    /// <param name="weights">The network's weights.</param>
    /// <param name="settings">Layers.</param>
    /// <param name="size">The picture to measure.</param>
    /// <param name="style">The style picture.</param>
    /// <param name="device">Where to compute; null means the CPU.</param>
    /// <param name="memory">What may be taken.</param>
    /// <exception cref="InvalidInputException">It does not fit.</exception>
    public static void Check(VggWeights weights, StyleSettings settings, PixelSize size, PixelSize style, Device? device,
        MemorySettings memory)
    {
        var budget = memory.Budget ?? MemoryBudget.Default(device);
        if (Needed(weights, settings, size, style, device) is var needed && needed > budget)
            throw new InvalidInputException(string.Create(CultureInfo.InvariantCulture,
                $"{size} pixels need about {MemoryBudget.Format(needed)} to be measured whole in float64, and "
                    + $"{MemoryBudget.Format(budget)} are allowed; choose a smaller StyleSettings.Size, or allow more by "
                    + $"MemorySettings.Budget"));
    }

    /// <summary>Bytes of the process at the peak.</summary>
    internal static double Needed(VggWeights weights, StyleSettings settings, PixelSize size, PixelSize style, Device? device)
    {
        using var network = new VggNetwork(weights, settings.NetworkFor(weights), device, ScalarType.Float64);
        return Wider * new MemoryPlanner(network, settings, memory: null).Plan(size, style).Bytes;
    }
}
