using NeuralStyle.Vgg;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Reduction;

/// <summary>
/// Returns, picture by picture, the input of a layer of a network. The input of each block is kept in a file, so that layers of deep
/// blocks do not run the shallow ones again for each picture.
/// </summary>
/// <param name="folder">Folder of the file.</param>
/// <param name="name">Beginning of its name.</param>
/// <param name="images">The pictures, 1×3×S×S in [0, 1]; not owned.</param>
/// <param name="count">Number of pictures.</param>
internal sealed class BlockInputs(string folder, string name, FeatureFile images, int count) : IDisposable
{
    private FeatureFile? _starts; // of the block of the last call of Enter
    private FeatureFile? _before; // of the block before it

    /// <summary>Runs every picture through a block and keeps the pooled result.</summary>
    /// <param name="network">A network that has all of the block before.</param>
    /// <param name="block">The block to enter, from 2.</param>
    /// <param name="token">Ends the work.</param>
    public void Enter(VggNetwork network, int block, CancellationToken token)
    {
        var last = network.Layers.Last(layer => layer.Block == block - 1);
        FeatureFile? next = null;
        for (var i = 0; i < count; i++)
        {
            token.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var pooled = nn.functional.max_pool2d(Run(network, last, i), 2, 2);
            next ??= new FeatureFile(Path.Combine(folder, name + block), pooled.shape);
            next.Write(i, pooled);
        }
        _before?.Dispose();
        (_before, _starts) = (_starts, next);
    }

    /// <summary>The input of the block before the one entered last (the picture, before the first block), before padding.</summary>
    /// <param name="picture">Index of the picture.</param>
    /// <returns>1×C×h×w.</returns>
    public Tensor OfBlockBefore(int picture) => (_before ?? images).Read(picture);

    /// <summary>The input of a layer, before padding. Not for the very first layer, whose input is the picture.</summary>
    /// <param name="network">A network that has the layers of the block before this layer.</param>
    /// <param name="layer">The layer, in the block entered last.</param>
    /// <param name="picture">Index of the picture.</param>
    /// <returns>1×C×h×w.</returns>
    public Tensor Of(VggNetwork network, VggLayer layer, int picture) =>
        layer.Index == 1 ? _starts!.Read(picture) : Run(network, layer with { Index = layer.Index - 1 }, picture);

    /// <inheritdoc/>
    public void Dispose()
    {
        _before?.Dispose();
        _starts?.Dispose();
    }

    private Tensor Run(VggNetwork network, VggLayer layer, int picture)
    {
        using var start = (_starts ?? images).Read(picture);
        return network.Forward(start, [layer], padding: null, lasting: true, from: layer.Block)[layer];
    }
}
