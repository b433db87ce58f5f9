using NeuralStyle.Vgg;
using static TorchSharp.torch;

namespace NeuralStyle.Masks;

/// <summary>A mask at the sizes of the network's layers: averaged over 2×2 positions wherever activations are pooled.</summary>
internal static class MaskPyramid
{
    /// <summary>The mask at the size of a layer.</summary>
    /// <param name="mask">R×1×H×W at the size of the picture.</param>
    /// <param name="layer">Layers of the same block have the same size.</param>
    /// <returns>R×1×h×w, halved (rounded down) as often as the layer's activations.</returns>
    public static Tensor At(Tensor mask, VggLayer layer)
    {
        using var scope = NewDisposeScope();
        var value = mask.alias();
        for (var block = 1; block < layer.Block; block++) value = nn.functional.avg_pool2d(value, 2, 2);
        return value.MoveToOuterDisposeScope();
    }
}
