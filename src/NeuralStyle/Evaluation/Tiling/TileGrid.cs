using NeuralStyle.Imaging;
using NeuralStyle.Vgg;
using static TorchSharp.torch;

namespace NeuralStyle.Evaluation.Tiling;

/// <summary>A range of rows or columns.</summary>
/// <param name="Start">The first.</param>
/// <param name="End">The one after the last.</param>
internal readonly record struct Span(int Start, int End)
{
    /// <summary>Number of rows or columns.</summary>
    public int Length => End - Start;
}

/// <summary>One side of a tile, in pixels.</summary>
/// <param name="Core">The pixels that belong to this tile only.</param>
/// <param name="Outer">The core and its halo, cut at the picture's borders.</param>
internal readonly record struct TileSide(Span Core, Span Outer)
{
    /// <summary>The core's positions among those of the tile at a layer.</summary>
    /// <param name="stride">Pixels between positions of the layer.</param>
    public Span CoreAt(int stride) => new((Core.Start - Outer.Start) / stride, Core.End / stride - Outer.Start / stride);

    /// <summary>The positions of the whole tile among those of the whole picture at a layer.</summary>
    /// <param name="stride">Pixels between positions of the layer.</param>
    public Span OuterAt(int stride) => new(Outer.Start / stride, Outer.End / stride);

    /// <summary>The core's positions among those of the whole picture at a layer.</summary>
    /// <param name="stride">Pixels between positions of the layer.</param>
    public Span WholeAt(int stride) => new(Core.Start / stride, Core.End / stride);
}

/// <summary>A tile: its rows and its columns.</summary>
internal readonly record struct Tile(TileSide Rows, TileSide Columns);

/// <summary>
/// Tiles whose cores cover every feature position exactly once, each with a halo as wide as the receptive field of the deepest layer,
/// so that the activations of its core are as in the whole picture. Cores begin at multiples of the deepest stride; pooling rounds down, so
/// the last core takes the rest. At the picture's borders a tile ends too, and is padded like the picture.
/// </summary>
internal static class TileGrid
{
    /// <summary>
    /// The number of surrounding pixels that a position of a layer depends on: each 3×3 convolution adds one position of its layer; pooling
    /// over aligned 2×2 cells adds none. Rounded up to the stride of the layer.
    /// </summary>
    /// <param name="layers">The layers in between, in order of depth.</param>
    /// <param name="deepest">The layer.</param>
    public static int HaloOf(IEnumerable<VggLayer> layers, VggLayer deepest)
    {
        var radius = layers.TakeWhile(layer => layer.CompareTo(deepest) <= 0).Sum(layer => layer.Stride);
        var stride = deepest.Stride;
        return (radius + stride - 1) / stride * stride;
    }

    /// <summary>Cuts one side of a picture.</summary>
    /// <param name="length">Pixels on the side.</param>
    /// <param name="core">Wanted pixels of a core; rounded down to the stride, at least one stride.</param>
    /// <param name="halo">Pixels around a core, a multiple of the stride.</param>
    /// <param name="stride">The stride of the deepest layer.</param>
    public static IReadOnlyList<TileSide> Cut(int length, int core, int halo, int stride)
    {
        if (core >= length) return [new TileSide(new Span(0, length), new Span(0, length))];
        var step = Math.Max(stride, core / stride * stride);
        List<TileSide> sides = [];
        for (var start = 0; start == 0 || start + stride <= length; start += step)
        {
            var end = start + step + stride > length ? length : start + step; // less than a stride contains no position
            sides.Add(new TileSide(new Span(start, end), new Span(Math.Max(0, start - halo), Math.Min(length, end + halo))));
            if (end == length) break;
        }
        return sides;
    }

    /// <summary>Pixels of the largest tile with its halo.</summary>
    public static double Largest(PixelSize picture, PixelSize core, int halo) =>
        Math.Min(picture.Width, core.Width + 2.0 * halo) * Math.Min(picture.Height, core.Height + 2.0 * halo);

    /// <summary>All tiles of a picture, row by row.</summary>
    public static IEnumerable<Tile> Of(PixelSize size, TileSize tiles, int halo, int stride)
    {
        var core = tiles.CoreFor(size, halo, stride);
        return from rows in Cut(size.Height, core.Height, halo, stride)
               from columns in Cut(size.Width, core.Width, halo, stride)
               select new Tile(rows, columns);
    }

    /// <summary>A view of some rows and columns.</summary>
    public static Tensor Crop(Tensor picture, Span rows, Span columns) =>
        picture.narrow(2, rows.Start, rows.Length).narrow(3, columns.Start, columns.Length);
}
