using NeuralStyle.Imaging;
using NeuralStyle.Vgg;
using static TorchSharp.torch;

namespace NeuralStyle.Evaluation.Tiling;

/// <summary>
/// A part of the network that runs on all tiles before the next one begins. Its output, the pooled activations of the whole
/// picture, is kept at an eighth of its width and height. Each section then needs halos for its own layers only: 24 and 48 pixels, while
/// all of VGG-19 needs 80. The second section, which needs the wider halos, can have larger tiles in the same memory.
/// </summary>
/// <param name="From">The first block.</param>
/// <param name="Wanted">The requested layers, and the output for the next section.</param>
/// <param name="Halo">Pixels of the picture around a tile's core.</param>
/// <param name="Growth">Pixels of its tiles per pixel of a tile of the first section.</param>
internal sealed record Section(int From, IReadOnlyCollection<VggLayer> Wanted, int Halo, double Growth)
{
    // the network is cut before this block: earlier, more would have to be kept; later, halos would be wider
    private const int Cut = 4;

    /// <summary>Pixels of the picture between positions of its input.</summary>
    public int InputStride => VggLayer.PooledInto(From).Stride;

    /// <summary>Pixels of the picture between positions of its deepest layer.</summary>
    public int Stride => Wanted.Max().Stride;

    /// <summary>The input of the next section; null for the last one.</summary>
    public VggLayer? Passed => Wanted.Max() is { IsPooling: true } pooled ? pooled : null;

    /// <summary>Whether the network, down to the deepest of the given layers, can be cut.</summary>
    public static bool CanCut(IReadOnlyCollection<VggLayer> layers) => layers.Count > 0 && layers.Max().Block >= Cut;

    /// <summary>The sections down to the deepest of the given layers: two if requested and if the layers are deep enough.</summary>
    /// <param name="network">The network.</param>
    /// <param name="layers">The requested layers.</param>
    /// <param name="split">Whether to cut the network.</param>
    public static IReadOnlyList<Section> Of(VggNetwork network, IReadOnlyCollection<VggLayer> layers, bool split)
    {
        if (layers.Count == 0) return [];
        if (!split || !CanCut(layers)) return [new Section(1, layers, TileGrid.HaloOf(network.Layers, layers.Max()), 1)];
        var passed = VggLayer.PooledInto(Cut);
        VggLayer[] shallow = [.. layers.Where(layer => layer.Block < Cut), passed];
        var deep = layers.Where(layer => layer.Block >= Cut).ToArray();
        double Width(int block) => network.Channels(new VggLayer(block, 1)) / Math.Pow(new VggLayer(block, 1).Stride, 2);
        var growth = Math.Max(1, Width(1) / Width(Cut) / 2); // half as many activations in the widest layer, and more of them requested
        return
        [
            new Section(1, shallow, TileGrid.HaloOf(network.Layers, passed), 1),
            new Section(Cut, deep, TileGrid.HaloOf(network.Layers.Where(layer => layer.Block >= Cut), deep.Max()), growth),
        ];
    }

    /// <summary>The core of its tiles, in pixels of the picture; see <see cref="TileSize.CoreFor"/>.</summary>
    public PixelSize CoreFor(PixelSize picture, TileSize tiles) => tiles.Times(Growth).CoreFor(picture, Halo, Stride);

    /// <summary>Its tiles, in pixels of the picture.</summary>
    public IEnumerable<Tile> Tiles(PixelSize picture, TileSize tiles) => TileGrid.Of(picture, tiles.Times(Growth), Halo, Stride);

    /// <summary>A view of a tile with its halo in the input of the section, or in the gradient with respect to that input.</summary>
    /// <param name="input">1×C×h×w of the whole picture.</param>
    /// <param name="tile">In pixels of the picture.</param>
    public Tensor Crop(Tensor input, Tile tile) => TileGrid.Crop(input, tile.Rows.OuterAt(InputStride), tile.Columns.OuterAt(InputStride));
}
