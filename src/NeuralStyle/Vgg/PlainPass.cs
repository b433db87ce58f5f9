using static TorchSharp.torch;

namespace NeuralStyle.Vgg;

/// <summary>A forward pass of a <see cref="PlainNetwork"/>; the backward pass is automatic differentiation.</summary>
/// <param name="input">The input of the pass, 1×C×h×w.</param>
/// <param name="features">The wanted activations, 1×C×h×w, as functions of it.</param>
internal sealed class PlainPass(Tensor input, Dictionary<VggLayer, Tensor> features) : IPass
{
    private readonly KeyValuePair<VggLayer, Tensor>[] _features = features.OrderBy(pair => pair.Key).ToArray();

    /// <inheritdoc/>
    public IEnumerable<(VggLayer Layer, Tensor Result)> Wanted =>
        _features.Select(pair => (pair.Key, pair.Value.detach().permute(0, 2, 3, 1)));

    /// <inheritdoc/>
    public Tensor Backward(Action<VggLayer, Tensor> add)
    {
        var seeds = _features.Select(pair =>
        {
            using var _ = no_grad();
            var seed = zeros_like(pair.Value);
            add(pair.Key, seed.permute(0, 2, 3, 1));
            return seed;
        }).ToArray();
        return autograd.grad(_features.Select(pair => pair.Value).ToArray(), [input], seeds)[0];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, value) in _features) value.Dispose();
    }
}
