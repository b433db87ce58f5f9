using NeuralStyle.Runtime;
using NeuralStyle.Vgg.Fused;
using NeuralStyle.Vgg.Fused.Winograd.Lanes;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Vgg;

/// <summary>
/// The frozen convolutional part of VGG (Simonyan and Zisserman 2014) on one device: 3×3 convolution, ReLU, 2×2 pooling.
/// No gradient is ever computed for its weights.
/// </summary>
internal sealed class VggNetwork : IDisposable
{
    private readonly ConvolutionWeights[] _convolutions;
    private readonly (Tensor Kernel, Tensor Bias)?[] _loaded; // those behind the first only when a pass needs them that is not fused
    private readonly bool _bgr, _channelsLast;
    private readonly FusedNetwork? _fused;
    private readonly Tensor _scale; // 1×3×1×1
    private readonly Tensor _shift; // 1×3×1×1

    /// <summary>Copies the weights to a device, and keeps them.</summary>
    /// <param name="weights">Convolutions in order of depth.</param>
    /// <param name="options">Pooling and padding.</param>
    /// <param name="device">Where to compute; null means the CPU.</param>
    /// <param name="dtype">float32, or float64 for checks of numerics.</param>
    /// <param name="deepest">The deepest layer to keep; null keeps all.</param>
    public VggNetwork(VggWeights weights, NetworkOptions options, Device? device = null, ScalarType dtype = ScalarType.Float32,
        VggLayer? deepest = null)
        : this(weights, options, device, dtype, deepest, CudaTuning.PrefersChannelsLast(device, dtype))
    {
    }

    /// <summary>
    /// The same with kernels, and so activations, in an order of memory, and with vectors, that tests and benchmarks choose.
    /// </summary>
    internal VggNetwork(VggWeights weights, NetworkOptions options, Device? device, ScalarType dtype, VggLayer? deepest, bool channelsLast,
        VectorWidth? vectors = null)
    {
        _channelsLast = channelsLast;
        Name = weights.Name;
        ContentFactor = weights.ContentFactor;
        Options = options;
        Device = device ?? CPU;
        DataType = dtype;
        using var scope = NewDisposeScope();
        _convolutions = weights.Convolutions.TakeWhile(convolution => deepest is not { } last || convolution.Layer.CompareTo(last) <= 0)
            .ToArray();
        _loaded = new (Tensor, Tensor)?[_convolutions.Length];
        _bgr = weights.Preprocessing.Order == ChannelOrder.Bgr;
        var first = Load(0).Kernel;
        if (Device.type == DeviceType.CPU && !channelsLast && dtype == ScalarType.Float32 && FusedNetwork.CanRun(_convolutions, options))
            _fused = new FusedNetwork(_convolutions, first, options, vectors ?? VectorWidths.Supported[^1]);
        else
            for (var i = 1; i < _convolutions.Length; i++) Load(i);

        var preprocessing = weights.Preprocessing;
        var mean = preprocessing.Mean.ToArray();
        var deviation = preprocessing.StandardDeviation.ToArray();
        if (preprocessing.Order == ChannelOrder.Bgr)
        {
            Array.Reverse(mean);
            Array.Reverse(deviation);
        }
        var inverse = tensor(deviation).reciprocal().view(1, 3, 1, 1);
        _scale = Own(inverse * preprocessing.Range);
        _shift = Own(inverse * tensor(mean).view(1, 3, 1, 1));
    }

    /// <summary>The name of the weights.</summary>
    public string Name { get; }

    /// <summary>See <see cref="VggWeights.ContentFactor"/>.</summary>
    public double ContentFactor { get; }

    /// <summary>Pooling and padding.</summary>
    public NetworkOptions Options { get; }

    /// <summary>Where the weights are and pictures must be.</summary>
    public Device Device { get; }

    /// <summary>The type of weights and pictures.</summary>
    public ScalarType DataType { get; }

    /// <summary>The layers present, in order of depth.</summary>
    public IEnumerable<VggLayer> Layers => _convolutions.Select(convolution => convolution.Layer);

    /// <summary>Whether <see cref="TryForward"/> gives passes.</summary>
    internal bool CanGoBack => _fused is not null;

    /// <summary>Number of weights.</summary>
    internal long Parameters => _convolutions.Sum(convolution => (long)convolution.Kernel.Length);

    /// <summary>Multiplications of a direct convolution for each position of a layer.</summary>
    internal long Multiplications(VggLayer layer) => _convolutions.First(convolution => convolution.Layer == layer).Kernel.Length;

    /// <summary>Number of channels of a layer, C.</summary>
    public int Channels(VggLayer layer) =>
        (layer.IsPooling
            ? _convolutions.Last(convolution => convolution.Layer.CompareTo(layer) < 0)
            : _convolutions.First(convolution => convolution.Layer == layer)).OutChannels;

    /// <summary>Fails when the network does not reach a layer.</summary>
    /// <exception cref="InvalidInputException">A layer is missing; the message names the deepest one available.</exception>
    public void Require(IEnumerable<VggLayer> layers)
    {
        foreach (var layer in layers)
        {
            if (!Layers.Contains(layer))
                throw new InvalidInputException($"the weights '{Name}' have no layer {layer}; the deepest available is "
                    + $"{_convolutions[^1].Layer}: choose other layers or other weights");
        }
    }

    /// <summary>Computes the activations behind the ReLU of the wanted layers and stops at the deepest of them.</summary>
    /// <param name="image">1×3×H×W, RGB in [0, 1], on <see cref="Device"/>.</param>
    /// <param name="wanted">Layers to return.</param>
    /// <param name="padding">Padding in place of the network's own.</param>
    /// <returns>1×C×h×w each, where h and w are halved (rounded down) at each pooling.</returns>
    /// <exception cref="InvalidInputException">A layer is missing, or the picture is too small to be pooled that often.</exception>
    public Dictionary<VggLayer, Tensor> Forward(Tensor image, IReadOnlyCollection<VggLayer> wanted, PaddingMode? padding = null) =>
        Forward(image, wanted, padding, lasting: true);

    /// <summary>
    /// The same for a stretch of the network; where they are not to last, the activations may lie in memory that the next pass takes over.
    /// </summary>
    /// <param name="image">The picture; where <paramref name="from"/> is not 1 what that block begins with, 1×C×h×w.</param>
    /// <param name="wanted">Layers to return, <see cref="VggLayer.PooledInto"/> among them.</param>
    /// <param name="padding">Padding in place of the network's own.</param>
    /// <param name="lasting">Whether the activations outlive the next pass.</param>
    /// <param name="from">The block to begin with.</param>
    internal Dictionary<VggLayer, Tensor> Forward(Tensor image, IReadOnlyCollection<VggLayer> wanted, PaddingMode? padding, bool lasting,
        int from = 1)
    {
        Require(wanted.Where(layer => !layer.IsPooling));
        var features = new Dictionary<VggLayer, Tensor>();
        if (wanted.Count == 0) return features;
        if (!image.requires_grad
            && (padding ?? Options.Padding) == Options.Padding
            && TryForward(image, wanted, keep: false, lasting, from) is { } pass)
        {
            // the views keep what they show
            using (pass) return pass.Wanted.ToDictionary(pair => pair.Layer, pair => pair.Result.permute(0, 3, 1, 2));
        }
        var x = from == 1 ? image.mul(_scale).sub_(_shift) : image;
        var block = from;
        for (var i = Array.FindIndex(_convolutions, convolution => convolution.Layer.Block == from); i < _convolutions.Length; i++)
        {
            var layer = _convolutions[i].Layer;
            if (layer.Block != block)
            {
                if (x.shape[2] < 2 || x.shape[3] < 2)
                    throw TooSmall(image, layer);
                x = Pool(x);
                block = layer.Block;
                var pooled = VggLayer.PooledInto(block);
                if (wanted.Contains(pooled)) features.Add(pooled, x);
                if (features.Count == wanted.Count) break;
            }
            var (kernel, bias) = Load(i);
            // in place: one activation less per layer
            x = Convolve(x, kernel, bias, padding ?? Options.Padding, first: layer is { Block: 1, Index: 1 }).relu_();
            if (wanted.Contains(layer)) features.Add(layer, x);
            if (features.Count == wanted.Count) break;
        }
        return features;
    }

    /// <summary>
    /// A pass that can be gone back, where this machine, the weights and the options allow it; else null, and automatic differentiation
    /// remains.
    /// </summary>
    /// <param name="image">1×3×H×W, RGB in [0, 1]; where <paramref name="from"/> is not 1 what that block begins with, 1×C×h×w.</param>
    /// <param name="wanted">Layers to return, <see cref="VggLayer.PooledInto"/> among them; at least one.</param>
    /// <param name="keep">Whether to keep what going back needs.</param>
    /// <param name="lasting">Whether the pass outlives the next one of this network.</param>
    /// <param name="from">The block to begin with.</param>
    internal FusedPass? TryForward(Tensor image, IReadOnlyCollection<VggLayer> wanted, bool keep, bool lasting = false, int from = 1)
    {
        if (_fused is null || wanted.Count == 0) return null;
        Require(wanted.Where(layer => !layer.IsPooling));
        var deepest = wanted.Max();
        if (Math.Min(image.shape[2], image.shape[3]) >> (deepest.Block - from) == 0) throw TooSmall(image, deepest);
        using var _ = no_grad();
        if (from != 1) return _fused.Forward(from, image, wanted, keep, lasting);
        using var input = image.mul(_scale);
        return _fused.Forward(1, input.sub_(_shift), wanted, keep, lasting);
    }

    /// <summary>The gradient with respect to the picture from that with respect to the network's input; changes and returns it.</summary>
    internal Tensor ToPicture(Tensor gradient) => gradient.mul_(_scale);

    /// <summary>Frees the weights.</summary>
    public void Dispose()
    {
        _fused?.Dispose();
        foreach (var loaded in _loaded)
        {
            loaded?.Kernel.Dispose();
            loaded?.Bias.Dispose();
        }
        _scale.Dispose();
        _shift.Dispose();
    }

    private (Tensor Kernel, Tensor Bias) Load(int index)
    {
        if (_loaded[index] is { } loaded) return loaded;
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var weights = _convolutions[index];
        var kernel = tensor(weights.Kernel, [weights.OutChannels, weights.InChannels, 3, 3]);
        // networks trained on BGR: the first kernel is turned round once instead of every picture
        if (index == 0 && _bgr) kernel = kernel.flip(1);
        (Tensor, Tensor) own = (Own(kernel, inLayout: true), Own(tensor(weights.Bias)));
        _loaded[index] = own;
        return own;
    }

    /// <summary>A tensor in the order of memory that activations have here.</summary>
    /// <param name="value">N×C×H×W.</param>
    internal Tensor InLayout(Tensor value) => _channelsLast ? CudaTuning.ChannelsLast(value) : value;

    private Tensor Own(Tensor value, bool inLayout = false)
    {
        var here = value.to(DataType, Device).contiguous();
        return (inLayout ? InLayout(here) : here).DetachFromDisposeScope();
    }

    private static InvalidInputException TooSmall(Tensor image, VggLayer layer) =>
        new($"a picture of {image.shape[3]}x{image.shape[2]} pixels is too small for layer {layer}; choose a larger size or shallower "
            + $"layers");

    private static Tensor Convolve(Tensor x, Tensor kernel, Tensor bias, PaddingMode padding, bool first) =>
        padding.IsZero(first)
            ? nn.functional.conv2d(x, kernel, bias, padding: [1, 1])
            : nn.functional.conv2d(padding.Around(x, first), kernel, bias);

    private Tensor Pool(Tensor x)
    {
        if (Options.Pooling == Pooling.Max) return nn.functional.max_pool2d(x, 2, 2);
        var pooled = nn.functional.avg_pool2d(x, 2, 2);
        return Options.PoolingScale == 1 ? pooled : pooled.mul_(Options.PoolingScale);
    }
}
