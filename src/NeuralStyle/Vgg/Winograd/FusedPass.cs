using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Vgg.Winograd;

/// <summary>One activation of a pass.</summary>
/// <param name="Layer">The layer that it is the result of; null for a pooling.</param>
/// <param name="Convolution">What made it; null for the first layer and for poolings.</param>
/// <param name="Result">1×H×W×C.</param>
internal sealed record FusedStage(VggLayer? Layer, WinogradLayer? Convolution, Tensor Result);

/// <summary>A forward pass of a <see cref="FusedNetwork"/> that can be gone back once. Owns the activations.</summary>
/// <param name="network">What ran.</param>
/// <param name="stages">The activations, in order of depth.</param>
/// <param name="wanted">The layers asked for.</param>
internal sealed class FusedPass(FusedNetwork network, List<FusedStage> stages, IReadOnlyCollection<VggLayer> wanted) : IDisposable
{
    /// <summary>The wanted activations, 1×H×W×C.</summary>
    public IEnumerable<(VggLayer Layer, Tensor Result)> Wanted =>
        stages.Where(stage => stage.Layer is { } layer && wanted.Contains(layer)).Select(stage => (stage.Layer!.Value, stage.Result));

    /// <summary>Goes back to the input and frees each activation on the way.</summary>
    /// <param name="add">Adds the gradient of the losses at a wanted layer to what came from deeper ones, 1×H×W×C, in place.</param>
    /// <returns>The gradient with respect to the input, 1×3×H×W.</returns>
    public Tensor Backward(Action<VggLayer, Tensor> add)
    {
        using var _ = no_grad();
        var gradient = zeros_like(stages[^1].Result);
        while (true)
        {
            var (layer, convolution, result) = stages[^1];
            if (layer is { } at && wanted.Contains(at)) add(at, gradient);
            var back = convolution is not null ? convolution.Backward(gradient, result)
                : layer is null ? network.PoolBackward(gradient, result, stages[^2].Result)
                : network.FirstBackward(gradient, result);
            gradient.Dispose();
            result.Dispose();
            stages.RemoveAt(stages.Count - 1);
            gradient = back;
            if (stages.Count == 0) return gradient;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var stage in stages) stage.Result.Dispose();
        stages.Clear();
    }
}
