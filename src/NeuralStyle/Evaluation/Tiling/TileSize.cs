using NeuralStyle.Imaging;

namespace NeuralStyle.Evaluation.Tiling;

/// <summary>How pictures are cut: into squares of a given side, or in the cheapest way within a limit.</summary>
/// <param name="Side">Side of a core in pixels; null for automatic.</param>
/// <param name="Pixels">The largest tile with its halo, in pixels, if the side is not given.</param>
/// <param name="Split">Whether the network is cut into two sections, with the activations between them kept for the whole picture.</param>
internal sealed record TileSize(int? Side = null, long Pixels = long.MaxValue, bool Split = false)
{
    /// <summary>Leaves every picture whole.</summary>
    public static TileSize Whole { get; } = new();

    /// <summary>Whether pictures are never cut.</summary>
    public bool IsWhole => Side is null && Pixels == long.MaxValue;

    /// <summary>The same with a multiple of the pixels.</summary>
    internal TileSize Times(double factor) => Side is { } side ? this with { Side = (int)Math.Min(int.MaxValue, side * Math.Sqrt(factor)) }
        : IsWhole ? this
        : this with { Pixels = (long)(Pixels * factor) };

    /// <summary>Chooses the cores for a picture: those whose tiles, halos included, have the fewest pixels together.</summary>
    /// <param name="picture">Its size.</param>
    /// <param name="halo">Pixels around a core.</param>
    /// <param name="stride">Sides of cores are multiples of this.</param>
    /// <returns>Width and height of a core; at least the picture's in a direction that is not cut.</returns>
    public PixelSize CoreFor(PixelSize picture, int halo, int stride)
    {
        if (Side is { } side) return new PixelSize(side, side);
        if (picture.Pixels <= Pixels) return picture;
        var best = (Cost: double.PositiveInfinity, Core: new PixelSize(stride, stride));
        // the rest goes to the last tile
        var (usedWidth, usedHeight) = (InSteps(picture.Width, stride), InSteps(picture.Height, stride));
        var previous = 0;
        for (var columns = 1; columns <= usedWidth / stride; columns++)
        {
            var width = Share(usedWidth, columns, stride);
            if (width == previous) continue;
            previous = width;
            var outer = Math.Min(picture.Width, width + 2 * halo);
            var room = Pixels / outer; // rows of a tile with its halo
            var tallest = room >= picture.Height ? picture.Height : (int)Math.Min(int.MaxValue, room - 2 * halo) / stride * stride;
            if (tallest < stride) continue;
            var rows = Count(usedHeight, tallest);
            var height = Share(usedHeight, rows, stride);
            var cost = (picture.Width + 2.0 * halo * (Count(usedWidth, width) - 1)) * (picture.Height + 2.0 * halo * (rows - 1));
            if (cost < best.Cost) best = (cost, new PixelSize(width, height));
        }
        return best.Core;
    }

    /// <summary>The positions of the deepest layer, in pixels.</summary>
    private static int InSteps(int length, int stride) => Math.Max(stride, length / stride * stride);

    /// <summary>One of some equal parts, rounded up to the stride.</summary>
    private static int Share(int length, int parts, int stride) => (length + parts * stride - 1) / (parts * stride) * stride;

    private static int Count(int length, int part) => (length + part - 1) / part;
}
