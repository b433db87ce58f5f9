using System.Globalization;
using System.Text.Json.Serialization;
using NeuralStyle.Evaluation.Tiling;

namespace NeuralStyle.Memory;

/// <summary>The memory limit of a run, and whether pictures may be cut into tiles to keep it. The result is the same.</summary>
/// <param name="Budget">Bytes that the run may take; null for 70 % of what is free.</param>
/// <param name="Tile">Side of the tiles in pixels, without halo, instead of a budget; null for automatic.</param>
/// <param name="Whole">Never cut into tiles.</param>
/// <param name="Notice">Receives a line about the choice for each scale; null for none.</param>
public sealed record MemorySettings(long? Budget = null, int? Tile = null, bool Whole = false, Action<string>? Notice = null);

/// <summary>
/// Whole or in tiles, how large, and how much the optimiser remembers: this affects the last bits of the result, and so is kept with a run.
/// </summary>
/// <param name="Tiles">How pictures are cut.</param>
/// <param name="History">Steps that L-BFGS remembers.</param>
/// <param name="Half">Whether the content's activations and Adam's moments are kept in half precision.</param>
internal sealed record MemoryChoice(TileSize Tiles, int History, bool Half = false)
{
    private const int LeastTile = 16, MostTile = 1 << 20, MostHistory = 1000;
    private const long LeastPixels = 1 << 10;

    /// <summary>Whether a planner can have chosen this; what is read from a file may be anything.</summary>
    [JsonIgnore]
    public bool IsPossible => Tiles is not null && History is >= 0 and <= MostHistory && Tiles.Pixels >= LeastPixels
        && Tiles.Side is null or (>= LeastTile and <= MostTile);
}

/// <summary>How one scale is computed within a memory budget; made by <see cref="MemoryPlanner"/>.</summary>
/// <param name="Choice">The choice.</param>
/// <param name="Keep">Tiles of each section whose forward pass is kept from one pass to the next.</param>
/// <param name="Bytes">What <see cref="MemoryModel"/> expects the run to take.</param>
internal sealed record MemoryPlan(MemoryChoice Choice, IReadOnlyList<int> Keep, double Bytes)
{
    /// <summary>What tiles cost in each section of the network.</summary>
    public IReadOnlyList<SectionCost> Costs { get; init; } = [];

    /// <summary>How pictures are cut.</summary>
    public TileSize Tiles => Choice.Tiles;

    /// <summary>Whether they are.</summary>
    public bool IsTiled => !Tiles.IsWhole;

    /// <summary>For people.</summary>
    public override string ToString()
    {
        var cut = !IsTiled ? "as a whole"
            : Tiles.Side is { } side ? $"in tiles of {side} pixels"
            : string.Create(CultureInfo.InvariantCulture, $"in tiles of up to {Tiles.Pixels / 1e6:0.##} megapixels with their halos");
        var kept = Keep.Any(tiles => tiles > 0) ? ", as many as fit kept between the passes" : "";
        return $"{cut}{kept}, about {MemoryBudget.Format(Bytes)}";
    }
}
