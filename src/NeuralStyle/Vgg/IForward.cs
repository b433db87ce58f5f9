using static TorchSharp.torch;

namespace NeuralStyle.Vgg;

/// <summary>
/// An implementation of the convolutions: by libtorch's operators and automatic differentiation, or by the fused network of the CPU.
/// </summary>
internal interface IForward : IDisposable
{
    /// <summary>Runs a stretch of the network up to the deepest wanted layer.</summary>
    /// <param name="image">1×3×H×W, RGB in [0, 1]; if <paramref name="from"/> is not 1, the input of that block, 1×C×h×w.</param>
    /// <param name="wanted">Layers to return, <see cref="VggLayer.PooledInto"/> among them; at least one.</param>
    /// <param name="keep">Whether to keep the data that <see cref="IPass.Backward"/> needs.</param>
    /// <param name="lasting">Whether the pass outlives the next one of this network.</param>
    /// <param name="from">The block to begin with.</param>
    IPass Pass(Tensor image, IReadOnlyCollection<VggLayer> wanted, bool keep, bool lasting, int from);
}

/// <summary>A forward pass that supports one backward pass. Owns what it keeps.</summary>
internal interface IPass : IDisposable
{
    /// <summary>The wanted activations, 1×h×w×C, in order of depth; valid until the backward pass has passed them.</summary>
    IEnumerable<(VggLayer Layer, Tensor Result)> Wanted { get; }

    /// <summary>Computes the gradient with respect to the input of the pass.</summary>
    /// <param name="add">Adds the gradient of the losses at a wanted layer to that from deeper layers, 1×h×w×C, in place.</param>
    /// <returns>
    /// The gradient with respect to the picture, or to the input of the first block: 1×C×h×w, valid until the next pass.
    /// </returns>
    Tensor Backward(Action<VggLayer, Tensor> add);
}
