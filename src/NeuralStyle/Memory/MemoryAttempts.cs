using System.Globalization;
using NeuralStyle.Evaluation.Tiling;
using NeuralStyle.Imaging;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;

namespace NeuralStyle.Memory;

/// <summary>The ways to compute one scale, from the fastest to the most economical, with their memory.</summary>
/// <param name="network">The network.</param>
/// <param name="settings">Layers and optimiser.</param>
/// <param name="model">The memory that the scale takes.</param>
/// <param name="size">The picture of the scale, with its bleed.</param>
/// <param name="largestStyle">The largest style picture of the scale.</param>
/// <param name="iterations">Of the scale.</param>
/// <param name="budget">Bytes.</param>
internal sealed class MemoryAttempts(
    VggNetwork network, StyleSettings settings, MemoryModel model, PixelSize size, PixelSize largestStyle, int iterations, double budget)
{
    private const int SmallestCore = 64, GoodCore = 384; // pixels; smaller tiles are mostly halo
    // pixels with the halo; more memory is better used to keep tiles
    private const long LargestTile = 2 << 20, LargestUnkept = 1 << 20;
    // of a budget, for automatic differentiation: the rest goes to holes between blocks; measured up to 2.3 % above the plan
    private const double UsableShare = 0.96;
    private const int ShortHistory = 3; // fewest steps with which L-BFGS is useful

    private readonly PixelSize _largest = size.Pixels >= largestStyle.Pixels ? size : largestStyle;
    private readonly double _usable = budget * (network.IsFused ? 1 : UsableShare);
    private readonly int _history = settings.Optimizer == OptimizerKind.Lbfgs ? settings.History : 0;

    /// <summary>Whether a plan fits into the budget.</summary>
    public bool Fits(MemoryPlan plan) => plan.Bytes <= _usable;

    /// <summary>The picture as a whole.</summary>
    public MemoryPlan Whole() => Of(new MemoryChoice(TileSize.Whole, _history));

    /// <summary>The choice of an earlier run.</summary>
    public MemoryPlan Again(MemoryChoice choice) => Of(choice);

    /// <summary>Tiles with a side that the user chose; pictures that are not larger stay whole.</summary>
    /// <param name="side">In pixels, halo not counted.</param>
    public MemoryPlan Sides(int side)
    {
        var whole = side >= Math.Max(size.LongSide, largestStyle.LongSide);
        return Of(new MemoryChoice(whole ? TileSize.Whole : new TileSize(side, Split: model.CanSplit), _history));
    }

    /// <summary>
    /// Tiles as large as the budget allows. First the history gets shorter, then half precision is used, both only if tiles of a good
    /// size would not fit; then the faster of one section and two is used.
    /// </summary>
    /// <exception cref="InvalidInputException">Not even small tiles fit.</exception>
    public MemoryPlan Tiles()
    {
        var shortest = Math.Min(ShortHistory, _history);
        if (Needed(shortest, half: true, SmallestCore) is var least && least > _usable) throw TooLittle(least);
        var steps = _history;
        while (steps > shortest && Needed(steps, half: false, GoodCore) > _usable) steps--;
        var half = Needed(steps, half: false, GoodCore) > _usable;
        var tiles = Ways.Select(split => Largest(steps, half, split))
            .MinBy(tiles => SectionCost.Overhead(model.Sections(tiles.Split), tiles.Pixels))!;
        return Of(new MemoryChoice(tiles, steps, half));
    }

    /// <summary>Two sections of the network, if its layers are deep enough, or one.</summary>
    private IEnumerable<bool> Ways => model.CanSplit ? [true, false] : [false];

    /// <summary>The largest tiles that fit.</summary>
    private TileSize Largest(int steps, bool half, bool split)
    {
        var fitting = (long)Math.Max(0, (_usable - State(steps, half, split)) / model.Working(split));
        return new TileSize(Split: split, Pixels: Math.Min(fitting, network.IsFused ? LargestTile : LargestUnkept));
    }

    /// <summary>Bytes for tiles with a core of the given side.</summary>
    private double Needed(int steps, bool half, int core) => Ways.Min(split => State(steps, half, split) + model.Sections(split).Max(cost =>
        cost.Working * Math.Pow(core * Math.Sqrt(cost.Section.Growth) + 2 * cost.Section.Halo, 2)));

    private double State(int steps, bool half, bool split) => model.State(Math.Min(steps, iterations - 1), half, split);

    /// <summary>A choice with its memory, and with as many forward passes of tiles kept as there is room for.</summary>
    private MemoryPlan Of(MemoryChoice choice)
    {
        var (tiles, steps, half) = choice;
        var costs = model.Sections(tiles.Split);
        // of a tile
        var pixels = costs.Select(cost => TileGrid.Largest(_largest, cost.Section.CoreFor(_largest, tiles), cost.Section.Halo)).ToArray();
        var bytes = State(steps, half, tiles.Split) + costs.Zip(pixels, (cost, tile) => cost.Working * tile).Max();
        var keep = new int[costs.Count];
        for (var i = costs.Count - 1; i >= 0 && !tiles.IsWhole; i--) // deep layers first: they save more time per byte
        {
            var tile = costs[i].Kept * pixels[i];
            if (tile == 0) continue;
            keep[i] = (int)Math.Clamp((_usable - bytes) / tile, 0, costs[i].Section.Tiles(size, tiles).Count());
            bytes += keep[i] * tile;
        }
        return new MemoryPlan(choice, keep, bytes) { Costs = costs };
    }

    private InvalidInputException TooLittle(double needed)
    {
        var frugal = settings.Optimizer == OptimizerKind.Adam ? "" : "StyleSettings.Optimizer adam, which keeps fewer pictures, ";
        return new InvalidInputException(string.Create(CultureInfo.InvariantCulture,
            $"{size} pixels need about {MemoryBudget.Format(needed)} even in tiles, and {MemoryBudget.Format(budget)} are allowed; "
            + $"choose a smaller StyleSettings.Size, {frugal}or a larger MemorySettings.Budget"));
    }
}
