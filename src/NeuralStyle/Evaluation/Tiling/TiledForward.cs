using NeuralStyle.Imaging;
using NeuralStyle.Runtime;
using NeuralStyle.Vgg;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Evaluation.Tiling;

/// <summary>The network over a picture without a gradient, tile by tile: what targets and the first pass of <see cref="TiledEvaluator"/> gather from.</summary>
internal static class TiledForward
{
    /// <summary>Gives the activations of each layer in pieces that do not overlap and leave nothing out.</summary>
    /// <param name="network">The frozen network.</param>
    /// <param name="picture">1×3×H×W in [0, 1].</param>
    /// <param name="layers">Layers wanted.</param>
    /// <param name="tiles">How the picture is cut.</param>
    /// <param name="take">Receives a layer, its activations within a core, 1×C×h×w, and the tile; what it creates is freed behind it.</param>
    /// <param name="padding">Padding in place of the network's own.</param>
    public static void Run(VggNetwork network, Tensor picture, IReadOnlyCollection<VggLayer> layers, TileSize tiles, Action<VggLayer, Tensor, Tile> take, PaddingMode? padding = null)
    {
        if (layers.Count == 0) return;
        using var _ = no_grad();
        foreach (var tile in Tiles(network, picture, layers, tiles))
        {
            using var pass = Allocations(network);
            using var scope = NewDisposeScope();
            foreach (var (layer, features) in network.Forward(Crop(picture, tile.Rows.Outer, tile.Columns.Outer), layers, padding, lasting: false))
                take(layer, Core(features, tile, layer), tile);
        }
    }

    /// <summary>The tiles of a picture for a network down to the deepest of some layers.</summary>
    public static IEnumerable<Tile> Tiles(VggNetwork network, Tensor picture, IReadOnlyCollection<VggLayer> layers, TileSize tiles)
    {
        if (layers.Count == 0) return [];
        var deepest = layers.Max();
        return TileGrid.Of(ImageTensor.SizeOf(picture), tiles, TileGrid.HaloOf(network.Layers, deepest), TileGrid.StrideOf(deepest));
    }

    /// <summary>
    /// Around the work on a tile. The fused network has buffers of its own; automatic differentiation allocates for each layer, and on glibc before 2.38
    /// aligned blocks that were freed are seldom found again: kept, they took twice the memory, for 2 % of the time with tiles of a megapixel.
    /// </summary>
    public static IDisposable? Allocations(VggNetwork network) => network.CanGoBack ? NativeAllocator.Pass() : null;

    /// <summary>A view of some rows and columns.</summary>
    public static Tensor Crop(Tensor picture, Span rows, Span columns) => picture.narrow(2, rows.Start, rows.Length).narrow(3, columns.Start, columns.Length);

    /// <summary>The core's part of a tile's activations.</summary>
    public static Tensor Core(Tensor features, Tile tile, VggLayer layer)
    {
        var stride = TileGrid.StrideOf(layer);
        return Crop(features, tile.Rows.CoreAt(stride), tile.Columns.CoreAt(stride));
    }

    /// <summary>The core's part of something that has the size of the whole layer.</summary>
    public static Tensor OfWhole(Tensor features, Tile tile, VggLayer layer)
    {
        var stride = TileGrid.StrideOf(layer);
        return Crop(features, tile.Rows.WholeAt(stride), tile.Columns.WholeAt(stride));
    }
}
