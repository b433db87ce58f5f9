using NeuralStyle.Imaging;
using NeuralStyle.Memory;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;

namespace NeuralStyle.Benchmarking;

/// <summary>The largest pictures that fit into memory.</summary>
/// <param name="Whole">Side of the largest square picture that fits whole; 0 if not even the smallest fits.</param>
/// <param name="InTiles">Side of the largest square picture that fits in tiles.</param>
internal sealed record Capacity(int Whole, int InTiles)
{
    /// <summary>Finds them by the memory model that plans runs.</summary>
    /// <param name="network">The network.</param>
    /// <param name="settings">Layers and optimiser.</param>
    /// <param name="budget">Bytes that a run may take.</param>
    public static Capacity Of(VggNetwork network, StyleSettings settings, long budget)
    {
        var memory = new MemorySettings(budget);
        return new Capacity(Largest(side => Plan(side) is { IsTiled: false }), Largest(side => Plan(side) is not null));

        MemoryPlan? Plan(int side)
        {
            var size = new PixelSize(side, side);
            try
            {
                return new MemoryPlanner(network, settings, memory).Plan(size, size);
            }
            catch (InvalidInputException)
            {
                return null; // not even in tiles
            }
        }
    }

    /// <summary>The largest side that fits, if every smaller side fits too.</summary>
    internal static int Largest(Func<int, bool> fits)
    {
        var (least, most) = (SettingsLimits.SmallestSize, SettingsLimits.LargestSize + 1);
        if (!fits(least)) return 0;
        while (most - least > 1)
        {
            var middle = (least + most) / 2;
            if (fits(middle)) least = middle;
            else most = middle;
        }
        return least;
    }
}
