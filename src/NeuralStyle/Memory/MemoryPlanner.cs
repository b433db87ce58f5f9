using NeuralStyle.Imaging;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;

namespace NeuralStyle.Memory;

/// <summary>
/// Chooses how each scale is computed: the fastest way that fits into the budget. Whole pictures if they fit; else tiles, with a shorter
/// history and half precision only as far as these are needed for tiles of a good size. See docs/tiling.md.
/// </summary>
/// <param name="network">The network.</param>
/// <param name="settings">Layers and optimiser.</param>
/// <param name="memory">The user's limits; null for whole pictures without a limit.</param>
internal sealed class MemoryPlanner(VggNetwork network, StyleSettings settings, MemorySettings? memory)
{
    // Read once: what is free changes while a run is planned.
    private readonly double _budget = memory is null ? double.PositiveInfinity : memory.Budget ?? MemoryBudget.Default(network.Device);

    /// <summary>Plans one scale.</summary>
    /// <param name="size">The picture of the scale, with its bleed.</param>
    /// <param name="largestStyle">The largest style picture of the scale.</param>
    /// <param name="iterations">Iterations of the scale: L-BFGS never remembers more steps than it has done.</param>
    /// <param name="protects">Whether pixels are protected.</param>
    /// <param name="chosen">The choice of an interrupted run, used again if it fits.</param>
    /// <exception cref="InvalidInputException">Not even small tiles fit into the budget.</exception>
    public MemoryPlan Plan(PixelSize size, PixelSize largestStyle, int iterations = int.MaxValue, bool protects = false,
        MemoryChoice? chosen = null)
    {
        var model = new MemoryModel(network, settings, size, largestStyle, protects);
        var attempts = new MemoryAttempts(network, settings, model, size, largestStyle, iterations, _budget);
        if (chosen is not null && attempts.Again(chosen) is { } same && attempts.Fits(same)) return same;
        // no tiles with borders that wrap
        if (memory is null || memory.Whole || settings.Padding == PaddingMode.Circular) return attempts.Whole();
        if (memory.Tile is { } side) return attempts.Sides(side);
        return attempts.Whole() is var whole && attempts.Fits(whole) ? whole : attempts.Tiles();
    }
}
