using System.Globalization;
using NeuralStyle.Imaging;
using NeuralStyle.Runtime;
using NeuralStyle.Vgg;

namespace NeuralStyle.Evaluation.Tiling;

/// <summary>What the user says about memory.</summary>
/// <param name="Budget">Bytes that the run may take; null for 70 % of what is free.</param>
/// <param name="Tile">Side of the tiles in pixels, halo not counted, whatever the budget; null to choose.</param>
/// <param name="Whole">Never cut into tiles.</param>
/// <param name="Notice">Told in a line what was chosen.</param>
public sealed record MemorySettings(long? Budget = null, int? Tile = null, bool Whole = false, Action<string>? Notice = null);

/// <summary>
/// Whole or in tiles, and how large, by a model of bytes for each pixel that was fitted to measurements; see docs/tiling.md.
/// </summary>
/// <param name="Core">Side of a tile without its halo; <see cref="TiledForward.Whole"/> for the whole picture.</param>
/// <param name="Bytes">What the model expects the run to take.</param>
public sealed record TilePlan(int Core, double Bytes)
{
    private const double PerActivation = 5 * sizeof(float); // of one number of the forward pass: itself, its gradient, workspace; fitted
    private const double PerPicture = 3 * sizeof(float);
    private const double Program = 256e6;
    private const int SmallestCore = 64;

    /// <summary>Whether the picture is cut.</summary>
    public bool IsTiled => Core != TiledForward.Whole;

    /// <summary>Plans one scale.</summary>
    /// <param name="network">The network.</param>
    /// <param name="settings">Layers and optimiser.</param>
    /// <param name="size">The picture of the scale.</param>
    /// <param name="largestStyle">The largest style picture of the scale.</param>
    /// <param name="memory">What the user says; null takes the picture whole without asking.</param>
    /// <exception cref="InvalidInputException">Not even small tiles fit into the budget.</exception>
    public static TilePlan For(VggNetwork network, StyleSettings settings, PixelSize size, PixelSize largestStyle, MemorySettings? memory)
    {
        var deepest = settings.ContentLayers.Concat(settings.StyleLayers).Where(layer => layer.Weight != 0).Max(layer => layer.Layer);
        var activations = network.Layers.TakeWhile(layer => layer.CompareTo(deepest) <= 0).Sum(layer => network.Channels(layer) / Math.Pow(TileGrid.StrideOf(layer), 2));
        var state = Program + size.Pixels * PicturesKept(settings) * PerPicture + largestStyle.Pixels * PerPicture * 2
            + settings.ContentLayers.Sum(layer => size.Pixels * network.Channels(layer.Layer) / Math.Pow(TileGrid.StrideOf(layer.Layer), 2) * sizeof(float));
        double With(double pixels) => state + pixels * activations * PerActivation;

        var largest = Math.Max(size.Pixels, largestStyle.Pixels);
        var whole = new TilePlan(TiledForward.Whole, With(largest));
        if (memory is null || memory.Whole || settings.Padding == PaddingMode.Circular) return whole; // borders that wrap have no tiles
        var halo = TileGrid.HaloOf(network.Layers, deepest);
        double WithCore(int core) => With(Math.Min(largest, Math.Pow(core + 2.0 * halo, 2)));
        if (memory.Tile is { } asked) return asked >= Math.Max(size.LongSide, largestStyle.LongSide) ? whole : new TilePlan(asked, WithCore(asked));

        var budget = memory.Budget ?? MemoryBudget.Default();
        if (whole.Bytes <= budget) return whole;
        if (WithCore(SmallestCore) > budget)
            throw new InvalidInputException(string.Create(CultureInfo.InvariantCulture,
                $"{size} pixels need about {MemoryBudget.Format(WithCore(SmallestCore))} even in tiles, and {MemoryBudget.Format(budget)} are allowed; choose a smaller --size, {(settings.Optimizer == OptimizerKind.Lbfgs ? "a smaller --history or --optimizer adam, " : "")}or allow more by --memory"));
        var room = Math.Sqrt((budget - state) / (activations * PerActivation)) - 2 * halo;
        var stride = TileGrid.StrideOf(deepest);
        var core = Math.Max(SmallestCore, (int)room / stride * stride);
        return new TilePlan(core, WithCore(core));
    }

    /// <summary>For people.</summary>
    public override string ToString() => IsTiled
        ? string.Create(CultureInfo.InvariantCulture, $"in tiles of {Core} pixels, about {MemoryBudget.Format(Bytes)}")
        : $"as a whole, about {MemoryBudget.Format(Bytes)}";

    /// <summary>Pictures of the scale's size that are in memory beside the activations: iterate, gradients, steps, content and result.</summary>
    private static double PicturesKept(StyleSettings settings) =>
        (settings.Optimizer == OptimizerKind.Lbfgs ? 8 + 2 * settings.History : 9) + (settings.AverageDecay > 0 ? 1 : 0);
}
