using NeuralStyle.Runtime;
using NeuralStyle.Runtime.Lanes;
using NeuralStyle.Vgg.Fused;
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
    private readonly InputTransform _input;
    private readonly PlainNetwork _plain;
    private readonly FusedNetwork? _fused;

    /// <summary>Copies the weights to a device, and keeps them.</summary>
    /// <param name="weights">Convolutions in order of depth.</param>
    /// <param name="options">Pooling and padding.</param>
    /// <param name="device">Where to compute; null means the CPU.</param>
    /// <param name="dtype">float32, or float64 for checks of numerics.</param>
    /// <param name="deepest">The deepest layer to keep; null keeps all.</param>
    /// <param name="precision">How the fused network of the CPU multiplies: float32 or bfloat16.</param>
    public VggNetwork(VggWeights weights, NetworkOptions options, Device? device = null, ScalarType dtype = ScalarType.Float32,
        VggLayer? deepest = null, ConvolutionPrecision precision = ConvolutionPrecision.Float32)
        : this(weights, options, device, dtype, deepest, ComputeTuning.PrefersChannelsLast(device, dtype), precision: precision)
    {
    }

    /// <summary>
    /// The same, with a memory order of kernels and activations and a vector width that tests and benchmarks choose.
    /// </summary>
    internal VggNetwork(VggWeights weights, NetworkOptions options, Device? device, ScalarType dtype, VggLayer? deepest, bool channelsLast,
        VectorWidth? vectors = null, ConvolutionPrecision precision = ConvolutionPrecision.Float32)
    {
        weights = weights.InRgbOrder(); // the first kernel is reversed once instead of every picture
        (Name, ContentFactor, Options, Device, DataType) = (weights.Name, weights.ContentFactor, options, device ?? CPU, dtype);
        _convolutions = weights.Convolutions.TakeWhile(convolution => deepest is not { } last || convolution.Layer.CompareTo(last) <= 0)
            .ToArray();
        _input = new InputTransform(weights.Preprocessing, dtype, Device);
        _plain = new PlainNetwork(_convolutions, _input, options, dtype, Device, channelsLast);
        var first = _plain.Load(0).Kernel;
        if (Device.type == DeviceType.CPU && !channelsLast && dtype == ScalarType.Float32 && FusedNetwork.CanRun(_convolutions, options))
            // kernels are loaded when they are needed
        {
            Precision = precision;
            _fused = new FusedNetwork(_convolutions, first, _input, options, vectors ?? VectorWidths.Supported[^1], Precision);
        }
        else
        {
            for (var i = 1; i < _convolutions.Length; i++) _plain.Load(i);
        }
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

    /// <summary>Whether the fused network is used, which takes less memory and can keep passes for later.</summary>
    public bool IsFused => _fused is not null;

    /// <summary>How the convolutions of the fused network multiply.</summary>
    public ConvolutionPrecision Precision { get; }

    /// <summary>Number of weights.</summary>
    public long Parameters => _convolutions.Sum(convolution => (long)convolution.Kernel.Length);

    /// <summary>Multiplications of a direct convolution for each position of a layer.</summary>
    public long Multiplications(VggLayer layer) => _convolutions.First(convolution => convolution.Layer == layer).Kernel.Length;

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

    /// <summary>Computes the activations after the ReLU of the wanted layers and stops at the deepest of them.</summary>
    /// <param name="image">1×3×H×W, RGB in [0, 1], on <see cref="Device"/>.</param>
    /// <param name="wanted">Layers to return.</param>
    /// <param name="padding">Padding instead of the network's own.</param>
    /// <returns>1×C×h×w each, where h and w are halved (rounded down) at each pooling.</returns>
    /// <exception cref="InvalidInputException">A layer is missing, or the picture is too small to be pooled that often.</exception>
    public Dictionary<VggLayer, Tensor> Forward(Tensor image, IReadOnlyCollection<VggLayer> wanted, PaddingMode? padding = null) =>
        Forward(image, wanted, padding, lasting: true);

    /// <summary>
    /// The same for some blocks of the network; unless they must last, the activations may be in memory that the next pass reuses.
    /// </summary>
    /// <param name="image">The picture; if <paramref name="from"/> is not 1, the input of that block, 1×C×h×w.</param>
    /// <param name="wanted">Layers to return, <see cref="VggLayer.PooledInto"/> among them.</param>
    /// <param name="padding">Padding instead of the network's own.</param>
    /// <param name="lasting">Whether the activations outlive the next pass.</param>
    /// <param name="from">The block to begin with.</param>
    public Dictionary<VggLayer, Tensor> Forward(Tensor image, IReadOnlyCollection<VggLayer> wanted, PaddingMode? padding, bool lasting,
        int from = 1)
    {
        if (wanted.Count == 0) return [];
        if (_fused is null || image.requires_grad || (padding ?? Options.Padding) != Options.Padding)
        {
            Require(wanted.Where(layer => !layer.IsPooling));
            return _plain.Forward(image, wanted, padding ?? Options.Padding, from);
        }
        using var pass = Pass(image, wanted, keep: false, lasting, from);
        return pass.Wanted.ToDictionary(pair => pair.Layer, pair => pair.Result.permute(0, 3, 1, 2)); // the views keep their memory alive
    }

    /// <summary>A pass that supports a backward pass; see <see cref="IForward.Pass"/>.</summary>
    /// <exception cref="InvalidInputException">A layer is missing, or the picture is too small to be pooled that often.</exception>
    public IPass Pass(Tensor image, IReadOnlyCollection<VggLayer> wanted, bool keep = true, bool lasting = false, int from = 1)
    {
        Require(wanted.Where(layer => !layer.IsPooling));
        var deepest = wanted.Max();
        if (Math.Min(image.shape[2], image.shape[3]) >> (deepest.Block - from) == 0) throw TooSmall(image, deepest);
        return ((IForward?)_fused ?? _plain).Pass(image, wanted, keep, lasting, from);
    }

    /// <summary>Memory for a layer's activations, in the order of memory that they have here.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="height">Of the picture.</param>
    /// <param name="width">Of the picture.</param>
    /// <param name="type">Of the values; null for that of the network.</param>
    /// <returns>1×C×h×w, undefined; owned by the caller.</returns>
    internal Tensor Reserve(VggLayer layer, long height, long width, ScalarType? type = null)
    {
        var (h, w, channels) = (height / layer.Stride, width / layer.Stride, Channels(layer));
        return IsFused || _plain.IsChannelsLast
            ? empty([1, h, w, channels], type ?? DataType, Device).permute(0, 3, 1, 2)
            : empty([1, channels, h, w], type ?? DataType, Device);
    }

    /// <summary>Frees the weights.</summary>
    public void Dispose()
    {
        _fused?.Dispose();
        _plain.Dispose();
        _input.Dispose();
    }

    /// <summary>The error for a picture that is too small for the poolings before a layer.</summary>
    internal static InvalidInputException TooSmall(Tensor image, VggLayer layer)
    {
        var (width, height) = (image.shape[3], image.shape[2]);
        var factor = (double)layer.Stride / Math.Min(width, height);
        return new($"a picture of {width}x{height} pixels is too small for layer {layer}, which needs {layer.Stride} pixels on the short "
            + $"side, so about {Math.Ceiling(Math.Max(width, height) * factor):0} on the long one; choose a larger StyleSettings.Size or "
            + $"shallower layers");
    }
}
