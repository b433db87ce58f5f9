using System.Globalization;
using NeuralStyle.Evaluation.Tiling;
using NeuralStyle.Imaging;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;

namespace NeuralStyle.Memory;

/// <summary>What the user says about memory.</summary>
/// <param name="Budget">Bytes that the run may take; null for 70 % of what is free.</param>
/// <param name="Tile">Side of the tiles in pixels, halo not counted, whatever the budget; null to choose.</param>
/// <param name="Whole">Never cut into tiles.</param>
/// <param name="Notice">Told in a line what was chosen.</param>
public sealed record MemorySettings(long? Budget = null, int? Tile = null, bool Whole = false, Action<string>? Notice = null);

/// <summary>Whole or in tiles, how large, and how much the optimiser remembers: what decides the bits of the result, and so is kept with a run.</summary>
/// <param name="Tiles">How pictures are cut.</param>
/// <param name="History">Steps that L-BFGS remembers.</param>
/// <param name="Half">Whether the content's activations and Adam's moments are kept in half precision.</param>
public sealed record MemoryChoice(TileSize Tiles, int History, bool Half = false);

/// <summary>How one scale is worked on within a budget of memory.</summary>
/// <param name="Choice">What was chosen.</param>
/// <param name="Keep">Tiles of each section whose forward pass is kept from one pass to the next.</param>
/// <param name="Bytes">What <see cref="MemoryModel"/> expects the run to take.</param>
public sealed record MemoryPlan(MemoryChoice Choice, IReadOnlyList<int> Keep, double Bytes)
{
    private const int SmallestCore = 64, GoodCore = 384; // sides; smaller tiles are mostly halo
    private const long LargestTile = 2 << 20, LargestUnkept = 1 << 20; // pixels with the halo; beyond, memory is better spent on keeping tiles, or not at all
    private const int ShortHistory = 3; // steps that L-BFGS needs to be worth its while

    /// <summary>What tiles cost in each section of the network.</summary>
    internal IReadOnlyList<SectionCost> Costs { get; init; } = [];

    /// <summary>How pictures are cut.</summary>
    public TileSize Tiles => Choice.Tiles;

    /// <summary>Whether they are.</summary>
    public bool IsTiled => !Tiles.IsWhole;

    /// <summary>Plans one scale.</summary>
    /// <param name="network">The network.</param>
    /// <param name="settings">Layers and optimiser.</param>
    /// <param name="size">The picture of the scale.</param>
    /// <param name="largestStyle">The largest style picture of the scale.</param>
    /// <param name="memory">What the user says; null takes the picture whole without asking.</param>
    /// <param name="iterations">Of the scale: L-BFGS never has more steps to remember than were done before.</param>
    /// <param name="protects">Whether pixels are protected.</param>
    /// <param name="chosen">What an interrupted run had chosen: taken again where it fits.</param>
    /// <exception cref="InvalidInputException">Not even small tiles fit into the budget.</exception>
    public static MemoryPlan For(VggNetwork network, StyleSettings settings, PixelSize size, PixelSize largestStyle, MemorySettings? memory,
        int iterations = int.MaxValue, bool protects = false, MemoryChoice? chosen = null)
    {
        var model = new MemoryModel(network, settings, size, largestStyle, protects);
        var largest = size.Pixels >= largestStyle.Pixels ? size : largestStyle;
        var history = settings.Optimizer == OptimizerKind.Lbfgs ? settings.History : 0;
        double State(int steps, bool half, bool split) => model.State(Math.Min(steps, iterations - 1), half, split);

        MemoryPlan Of(TileSize tiles, int steps, double budget, bool half = false)
        {
            var costs = model.Sections(tiles.Split);
            var pixels = costs.Select(cost => TileGrid.Largest(largest, cost.Section.CoreFor(largest, tiles), cost.Section.Halo)).ToArray(); // of a tile
            var bytes = State(steps, half, tiles.Split) + costs.Zip(pixels, (cost, tile) => cost.Working * tile).Max();
            var keep = new int[costs.Count];
            for (var i = costs.Count - 1; i >= 0 && !tiles.IsWhole; i--) // deep layers first: they save more time for each byte
            {
                var tile = costs[i].Kept * pixels[i];
                if (tile == 0) continue;
                keep[i] = (int)Math.Clamp((budget - bytes) / tile, 0, costs[i].Section.Tiles(size, tiles).Count());
                bytes += keep[i] * tile;
            }
            return new MemoryPlan(new MemoryChoice(tiles, steps, half), keep, bytes) { Costs = costs };
        }

        var budget = memory is null ? double.PositiveInfinity : memory.Budget ?? MemoryBudget.Default(network.Device);
        if (chosen is not null && Of(chosen.Tiles, chosen.History, budget, chosen.Half) is { } again && again.Bytes <= budget) return again;
        if (memory is null || memory.Whole || settings.Padding == PaddingMode.Circular) return Of(TileSize.Whole, history, budget); // borders that wrap have no tiles
        if (memory.Tile is { } asked) return Of(asked >= Math.Max(size.LongSide, largestStyle.LongSide) ? TileSize.Whole : new TileSize(asked, Split: model.CanSplit), history, memory.Budget ?? 0);
        if (Of(TileSize.Whole, history, budget) is var whole && whole.Bytes <= budget) return whole;

        bool[] ways = model.CanSplit ? [true, false] : [false];
        double Needed(int steps, bool half, int core) => ways.Min(split => State(steps, half, split) + model.Sections(split).Max(cost => cost.Working * Math.Pow(core * Math.Sqrt(cost.Section.Growth) + 2 * cost.Section.Halo, 2)));
        var least = Math.Min(ShortHistory, history);
        var needed = Needed(least, half: true, SmallestCore);
        if (needed > budget)
        {
            throw new InvalidInputException(string.Create(CultureInfo.InvariantCulture,
                $"{size} pixels need about {MemoryBudget.Format(needed)} even in tiles, and {MemoryBudget.Format(budget)} are allowed; choose a smaller --size, {(settings.Optimizer == OptimizerKind.Adam ? "" : "--optimizer adam, which keeps fewer pictures, ")}or allow more by --memory"));
        }
        var steps = history;
        while (steps > least && Needed(steps, half: false, GoodCore) > budget) steps--;
        var half = Needed(steps, half: false, GoodCore) > budget;
        var best = ways.Select(split => new TileSize(Split: split, Pixels: Math.Min(
            (long)Math.Max(0, (budget - State(steps, half, split)) / model.Working(split)), network.CanGoBack ? LargestTile : LargestUnkept)))
            .MinBy(tiles => SectionCost.Overhead(model.Sections(tiles.Split), tiles.Pixels))!;
        return Of(best, steps, budget, half);
    }

    /// <summary>For people.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{(IsTiled ? Tiles.Side is { } side ? $"in tiles of {side} pixels" : $"in tiles of up to {Tiles.Pixels / 1e6:0.##} megapixels with their halos" : "as a whole")}{(Keep.Any(tiles => tiles > 0) ? ", as many as fit kept between the passes" : "")}, about {MemoryBudget.Format(Bytes)}");
}
