using NeuralStyle.Runtime;
using static TorchSharp.torch;

namespace NeuralStyle.Vgg.Fused;

/// <summary>What a pass keeps of one of its steps.</summary>
/// <param name="Layer">The layer, or <see cref="VggLayer.PooledInto"/>.</param>
/// <param name="Convolution">What made it; null for the first layer and for poolings.</param>
/// <param name="Result">The activations, 1×H×W×C, of those asked for and of the first layer; null of others.</param>
/// <param name="Trace">What the backward pass needs of the others: which activations are above 0, or the places of a pooling's maxima; null
/// if nothing is needed.</param>
/// <param name="Before">Shape of what a pooling pooled; null for layers.</param>
internal sealed record FusedStage(VggLayer Layer, IFusedConvolution? Convolution, Tensor? Result, Tensor? Trace = null,
    long[]? Before = null)
    : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        Result?.Dispose();
        Trace?.Dispose();
    }
}

/// <summary>A forward pass of a <see cref="FusedNetwork"/>. Owns what its stages keep.</summary>
/// <param name="network">What ran.</param>
/// <param name="stages">In order of depth; the last is asked for.</param>
/// <param name="wanted">The layers asked for.</param>
internal sealed class FusedPass(FusedNetwork network, List<FusedStage> stages, IReadOnlyCollection<VggLayer> wanted) : IPass
{
    /// <inheritdoc/>
    public IEnumerable<(VggLayer Layer, Tensor Result)> Wanted =>
        stages.Where(stage => wanted.Contains(stage.Layer)).Select(stage => (stage.Layer, stage.Result!));

    /// <inheritdoc/>
    /// <remarks>Frees each activation on the way.</remarks>
    public Tensor Backward(Action<VggLayer, Tensor> add)
    {
        using var _ = no_grad();
        var gradient = zeros_like(stages[^1].Result!);
        while (true)
        {
            using var stage = stages[^1];
            var (layer, convolution, result, trace, before) = stage;
            if (wanted.Contains(layer)) add(layer, gradient);
            var isFirst = convolution is null && before is null;
            using var phase = RunProfile.Of(convolution is null && before is not null ? "pooling back" : "back", layer);
            var back = convolution is not null ? network.LayerBackward(convolution, gradient, result, trace)
                : before is not null ? network.PoolBackward(gradient, trace, before)
                : network.FirstBackward(gradient, result!);
            gradient.Dispose();
            stages.RemoveAt(stages.Count - 1);
            gradient = back;
            if (stages.Count == 0) return isFirst ? gradient : gradient.permute(0, 3, 1, 2);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var stage in stages) stage.Dispose();
        stages.Clear();
    }
}
