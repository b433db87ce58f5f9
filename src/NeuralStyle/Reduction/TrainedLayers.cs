using NeuralStyle.Vgg;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Reduction;

/// <summary>Consecutive layers of a network while they are trained: convolutions, ReLU, and pooling between blocks.</summary>
internal sealed class TrainedLayers : IDisposable
{
    private readonly IReadOnlyList<ConvolutionWeights> _layers;
    private readonly PaddingMode _padding;

    /// <summary>Copies the weights.</summary>
    /// <param name="layers">The layers, in order of depth; the first begins a block.</param>
    /// <param name="padding">Padding of the network.</param>
    /// <param name="device">Where to compute; null for the CPU.</param>
    public TrainedLayers(IReadOnlyList<ConvolutionWeights> layers, PaddingMode padding, Device? device = null)
    {
        using var scope = NewDisposeScope();
        (_layers, _padding) = (layers, padding);
        Parameters = new AdamParameters([.. layers.SelectMany(layer => new[]
        {
            tensor(layer.Kernel, [layer.OutChannels, layer.InChannels, 3, 3]).to(device ?? CPU),
            tensor(layer.Bias).to(device ?? CPU),
        })], Runtime.ComputeTuning.PrefersChannelsLast(device, float32));
    }

    /// <summary>Kernel and bias of each layer.</summary>
    public AdamParameters Parameters { get; }

    /// <summary>The activations of each layer after the ReLU, in order of depth.</summary>
    /// <param name="input">The input of the first layer, N×I×h×w, before padding.</param>
    public IEnumerable<(VggLayer Layer, Tensor Result)> Forward(Tensor input)
    {
        for (var i = 0; i < _layers.Count; i++)
        {
            var layer = _layers[i].Layer;
            var first = layer is { Block: 1, Index: 1 };
            if (i > 0 && layer.Index == 1) input = nn.functional.max_pool2d(input, 2, 2);
            input = PlainNetwork.Convolve(input, Parameters.Values[2 * i], Parameters.Values[2 * i + 1], _padding, first).relu();
            yield return (layer, input);
        }
    }

    /// <summary>The layers as they are now.</summary>
    public IReadOnlyList<ConvolutionWeights> Weights() =>
    [
        .. _layers.Select((layer, i) => new ConvolutionWeights(layer.Layer, layer.OutChannels, layer.InChannels,
            Copy(Parameters.Values[2 * i]), Copy(Parameters.Values[2 * i + 1]))),
    ];

    /// <inheritdoc/>
    public void Dispose() => Parameters.Dispose();

    private static float[] Copy(Tensor value)
    {
        using var scope = NewDisposeScope();
        return value.detach().cpu().contiguous().data<float>().ToArray();
    }
}
