using NeuralStyle.Evaluation.Tiling;
using NeuralStyle.Imaging;
using NeuralStyle.Runtime.Native;
using NeuralStyle.Vgg;
using static TorchSharp.torch;

namespace NeuralStyle.Evaluation;

/// <summary>
/// Runs the network over a picture without a gradient, tile by tile: targets and the first pass of <see cref="TiledEvaluator"/> gather
/// from.
/// </summary>
internal static class TiledForward
{
    /// <summary>Runs a section on a tile.</summary>
    /// <param name="section">The section.</param>
    /// <param name="tile">The tile.</param>
    /// <param name="crop">The input of the section there, with the halo, 1×C×h×w.</param>
    /// <returns>The activations of the section's layers, 1×C×h×w each.</returns>
    public delegate IEnumerable<KeyValuePair<VggLayer, Tensor>> Step(Section section, Tile tile, Tensor crop);

    /// <summary>Passes on the activations of each layer in pieces that cover it without overlap.</summary>
    /// <param name="network">The frozen network.</param>
    /// <param name="picture">1×3×H×W in [0, 1].</param>
    /// <param name="layers">Layers wanted.</param>
    /// <param name="tiles">How the picture is cut.</param>
    /// <param name="take">Receives a layer, its activations within a core, 1×C×h×w, and the tile; tensors that it creates are freed after
    /// it.</param>
    /// <param name="padding">Padding instead of the network's own.</param>
    public static void Run(VggNetwork network, Tensor picture, IReadOnlyCollection<VggLayer> layers, TileSize tiles,
        Action<VggLayer, Tensor, Tile> take, PaddingMode? padding = null)
    {
        using var scope = NewDisposeScope();
        Run(network, picture, Section.Of(network, layers, tiles.Split), tiles,
            (section, _, crop) => network.Forward(crop, section.Wanted, padding, lasting: false, section.From), take);
    }

    /// <summary>The same for sections of the network, with the caller's forward pass.</summary>
    /// <returns>The input of each section: the picture, and the outputs passed on, 1×C×h×w; in the caller's dispose scope.</returns>
    public static IReadOnlyList<Tensor> Run(VggNetwork network, Tensor picture, IReadOnlyList<Section> sections, TileSize tiles,
        Step forward, Action<VggLayer, Tensor, Tile> take)
    {
        using var _ = no_grad();
        var size = ImageTensor.SizeOf(picture);
        List<Tensor> inputs = [];
        var next = picture;
        foreach (var section in sections)
        {
            inputs.Add(next);
            var passed = section.Passed is { } layer ? next = network.Reserve(layer, size.Height, size.Width) : null;
            foreach (var tile in section.Tiles(size, tiles))
            {
                NativeAllocator.Relieve();
                using var pass = Allocations(network);
                using var scope = NewDisposeScope();
                foreach (var (at, features) in forward(section, tile, section.Crop(inputs[^1], tile)))
                {
                    if (at.IsPooling) OfWhole(passed!, tile, at).copy_(Core(features, tile, at));
                    else take(at, Core(features, tile, at), tile);
                }
            }
        }
        return inputs;
    }

    /// <summary>
    /// Scope of the allocations for a tile. The fused network has its own buffers; automatic differentiation allocates for each layer, and
    /// with glibc before 2.38 freed aligned blocks are rarely reused: kept, they took twice the memory and saved only 2 % of the time with
    /// tiles of one megapixel.
    /// </summary>
    public static IDisposable? Allocations(VggNetwork network) => network.IsFused ? NativeAllocator.Pass() : null;

    /// <summary>The core's part of a tile's activations.</summary>
    public static Tensor Core(Tensor features, Tile tile, VggLayer layer)
    {
        var stride = layer.Stride;
        return TileGrid.Crop(features, tile.Rows.CoreAt(stride), tile.Columns.CoreAt(stride));
    }

    /// <summary>The core's part of a tensor of the size of the whole layer.</summary>
    public static Tensor OfWhole(Tensor features, Tile tile, VggLayer layer)
    {
        var stride = layer.Stride;
        return TileGrid.Crop(features, tile.Rows.WholeAt(stride), tile.Columns.WholeAt(stride));
    }
}
