using NeuralStyle.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Vgg;

/// <summary>
/// VGG by libtorch's operators, on every device and with every padding; gradients come from automatic differentiation.
/// </summary>
/// <param name="weights">All convolutions in order of depth; kernels are copied to the device when a pass first needs them.</param>
/// <param name="input">The network's input; not owned.</param>
/// <param name="options">Pooling and padding.</param>
/// <param name="dtype">Of kernels and activations.</param>
/// <param name="device">Where to compute.</param>
/// <param name="channelsLast">Whether the channels of a position are side by side in memory.</param>
internal sealed class PlainNetwork(
    ConvolutionWeights[] weights, InputTransform input, NetworkOptions options, ScalarType dtype, Device device, bool channelsLast)
    : IForward
{
    private readonly (Tensor Kernel, Tensor Bias)?[] _loaded = new (Tensor, Tensor)?[weights.Length];

    /// <inheritdoc/>
    public IPass Pass(Tensor image, IReadOnlyCollection<VggLayer> wanted, bool keep, bool lasting, int from)
    {
        using var _ = keep ? enable_grad() : no_grad();
        var x = keep ? image.contiguous().detach().requires_grad_() : image;
        return new PlainPass(x, Forward(x, wanted, options.Padding, from));
    }

    /// <summary>The activations of the wanted layers, 1×C×h×w, as part of the image's graph if it has one.</summary>
    /// <param name="image">The picture, or the input of the block.</param>
    /// <param name="wanted">Layers to return.</param>
    /// <param name="padding">What surrounds the picture.</param>
    /// <param name="from">The block to begin with.</param>
    public Dictionary<VggLayer, Tensor> Forward(Tensor image, IReadOnlyCollection<VggLayer> wanted, PaddingMode padding, int from)
    {
        var features = new Dictionary<VggLayer, Tensor>();
        var x = from == 1 ? input.Apply(image) : image;
        var block = from;
        for (var i = Array.FindIndex(weights, convolution => convolution.Layer.Block == from); i < weights.Length; i++)
        {
            var layer = weights[i].Layer;
            if (layer.Block != block)
            {
                if (x.shape[2] < 2 || x.shape[3] < 2) throw VggNetwork.TooSmall(image, layer);
                x = Next(x, Pool);
                block = layer.Block;
                var pooled = VggLayer.PooledInto(block);
                if (wanted.Contains(pooled)) features.Add(pooled, x);
                if (features.Count == wanted.Count) break;
            }
            var (kernel, bias) = Load(i);
            // in place: saves one activation per layer
            x = Next(x, below => Convolve(below, kernel, bias, padding, first: layer is { Block: 1, Index: 1 }).relu_());
            if (wanted.Contains(layer)) features.Add(layer, x);
            if (features.Count == wanted.Count) break;
        }
        return features;

        // of what is below only the graph keeps what it needs
        Tensor Next(Tensor below, Func<Tensor, Tensor> step)
        {
            using var scope = NewDisposeScope();
            var result = step(below).MoveToOuterDisposeScope();
            if (!ReferenceEquals(below, image) && !features.Values.Any(kept => ReferenceEquals(kept, below))) below.Dispose();
            return result;
        }
    }

    /// <summary>A kernel, O×I×3×3, and its bias on the device.</summary>
    public (Tensor Kernel, Tensor Bias) Load(int index)
    {
        if (_loaded[index] is { } loaded) return loaded;
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var convolution = weights[index];
        var kernel = tensor(convolution.Kernel, [convolution.OutChannels, convolution.InChannels, 3, 3]);
        (Tensor, Tensor) own = (Own(kernel, inLayout: true), Own(tensor(convolution.Bias)));
        _loaded[index] = own;
        return own;
    }

    /// <summary>Whether activations are N×H×W×C in memory.</summary>
    public bool IsChannelsLast => channelsLast;

    /// <summary>A tensor in the order of memory that activations have here.</summary>
    /// <param name="value">N×C×H×W.</param>
    public Tensor InLayout(Tensor value) => channelsLast ? ComputeTuning.ChannelsLast(value) : value;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var loaded in _loaded)
        {
            loaded?.Kernel.Dispose();
            loaded?.Bias.Dispose();
        }
    }

    private Tensor Own(Tensor value, bool inLayout = false)
    {
        var here = value.to(dtype, device).contiguous();
        return (inLayout ? InLayout(here) : here).DetachFromDisposeScope();
    }

    /// <summary>A 3×3 convolution of an input surrounded by one pixel.</summary>
    internal static Tensor Convolve(Tensor x, Tensor kernel, Tensor bias, PaddingMode padding, bool first) => padding.IsZero(first)
        ? nn.functional.conv2d(x, kernel, bias, padding: [1, 1])
        : nn.functional.conv2d(padding.Around(x, first), kernel, bias);

    private Tensor Pool(Tensor x)
    {
        if (options.Pooling == Pooling.Max) return nn.functional.max_pool2d(x, 2, 2);
        var pooled = nn.functional.avg_pool2d(x, 2, 2);
        return options.PoolingScale == 1 ? pooled : pooled.mul_(options.PoolingScale);
    }
}
