using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Vgg.Winograd;

/// <summary>
/// VGG on CPUs with AVX-512: Winograd convolutions fused with their ReLU, and a backward pass of its own that keeps one activation
/// per layer, frees each as soon as it has served, and computes no gradient but the picture's. float32; zeros around each layer but
/// the first, which may be replicated.
/// </summary>
internal sealed class FusedNetwork : IDisposable
{
    private readonly List<(VggLayer Layer, WinogradLayer Convolution)> _layers; // behind the first
    private readonly NetworkOptions _options;
    private readonly Tensor _first, _firstBias; // 64×3×3×3
    private readonly Tensor _back; // 3×64×3×3: from the gradient of the first layer to that of the picture

    /// <summary>Packs the weights.</summary>
    /// <param name="convolutions">In order of depth.</param>
    /// <param name="first">The kernel of the first of them, for RGB.</param>
    /// <param name="options">Pooling and padding.</param>
    public FusedNetwork(IReadOnlyList<ConvolutionWeights> convolutions, Tensor first, NetworkOptions options)
    {
        using var scope = NewDisposeScope();
        _options = options;
        _first = first.alias().DetachFromDisposeScope();
        _firstBias = tensor(convolutions[0].Bias).DetachFromDisposeScope();
        _back = first.flip(2, 3).transpose(0, 1).contiguous().DetachFromDisposeScope();
        _layers = convolutions.Skip(1).Select(convolution => (convolution.Layer, new WinogradLayer(convolution))).ToList();
    }

    /// <summary>Whether this machine, these weights and options are such as can be fused.</summary>
    public static bool CanRun(IEnumerable<ConvolutionWeights> convolutions, NetworkOptions options) =>
        options.Padding is PaddingMode.Zero or PaddingMode.Replicate
        && convolutions.First().OutChannels % WinogradProduct.Width == 0
        && convolutions.Skip(1).All(convolution => WinogradConvolution.CanRun(convolution.InChannels, convolution.OutChannels));

    /// <summary>Runs the network up to the deepest wanted layer.</summary>
    /// <param name="input">1×3×H×W as the network expects it; large enough to be pooled that often.</param>
    /// <param name="wanted">Layers whose activations are asked for.</param>
    /// <param name="keep">Whether the activations between them are kept for <see cref="FusedPass.Backward"/>.</param>
    public FusedPass Forward(Tensor input, IReadOnlyCollection<VggLayer> wanted, bool keep)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        List<FusedStage> stages = [];
        var deepest = wanted.Max();
        var x = First(input);
        Add(new VggLayer(1, 1), null);
        foreach (var (layer, convolution) in _layers.TakeWhile(pair => pair.Layer.CompareTo(deepest) <= 0))
        {
            if (layer.Index == 1)
            {
                var pooled = Pool(x);
                Forget(x);
                x = pooled;
                if (keep) stages.Add(new FusedStage(null, null, x.DetachFromDisposeScope()));
            }
            var before = x;
            x = convolution.Forward(x);
            Forget(before);
            Add(layer, convolution);
        }
        return new FusedPass(this, stages, wanted);

        void Add(VggLayer layer, WinogradLayer? convolution)
        {
            if (keep || wanted.Contains(layer)) stages.Add(new FusedStage(layer, convolution, x.DetachFromDisposeScope()));
        }

        void Forget(Tensor past)
        {
            if (!stages.Any(stage => ReferenceEquals(stage.Result, past))) past.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, convolution) in _layers) convolution.Dispose();
        _first.Dispose();
        _firstBias.Dispose();
        _back.Dispose();
    }

    /// <summary>The gradient with respect to the input, from that with respect to the first layer's result.</summary>
    /// <param name="gradient">1×H×W×64; changed.</param>
    /// <param name="result">1×H×W×64.</param>
    internal Tensor FirstBackward(Tensor gradient, Tensor result)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        gradient.mul_(result.gt(0));
        var replicates = _options.Padding == PaddingMode.Replicate;
        var input = nn.functional.conv2d(gradient.permute(0, 3, 1, 2), _back, padding: replicates ? [2, 2] : [1, 1]).contiguous();
        if (!replicates) return input.MoveToOuterDisposeScope();
        // The frame of one pixel repeats the border: its gradient belongs there. Rows first, so that corners go both ways.
        var (height, width) = (input.shape[2], input.shape[3]);
        input.narrow(2, 1, 1).add_(input.narrow(2, 0, 1));
        input.narrow(2, height - 2, 1).add_(input.narrow(2, height - 1, 1));
        input.narrow(3, 1, 1).add_(input.narrow(3, 0, 1));
        input.narrow(3, width - 2, 1).add_(input.narrow(3, width - 1, 1));
        return input.narrow(2, 1, height - 2).narrow(3, 1, width - 2).contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>The gradient with respect to what was pooled.</summary>
    internal Tensor PoolBackward(Tensor gradient, Tensor pooled, Tensor from)
    {
        var result = empty_like(from);
        if (_options.Pooling == Pooling.Max) PoolingGradient.Maximum(Plane.Of(from), Plane.Of(pooled), Plane.Of(gradient), Plane.Of(result), get_num_threads());
        else PoolingGradient.Mean(Plane.Of(gradient), (float)(0.25 * _options.PoolingScale), Plane.Of(result), get_num_threads());
        return result;
    }

    private Tensor First(Tensor input)
    {
        using var scope = NewDisposeScope();
        var replicates = _options.Padding == PaddingMode.Replicate;
        var x = replicates ? nn.functional.pad(input, [1, 1, 1, 1], PaddingModes.Replicate) : input;
        x = x.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2); // libtorch keeps the order of the memory
        var result = nn.functional.conv2d(x, _first, _firstBias, padding: replicates ? [0, 0] : [1, 1]).relu_();
        return result.permute(0, 2, 3, 1).contiguous().MoveToOuterDisposeScope();
    }

    private Tensor Pool(Tensor x)
    {
        using var scope = NewDisposeScope();
        var turned = x.permute(0, 3, 1, 2);
        var pooled = _options.Pooling == Pooling.Max ? nn.functional.max_pool2d(turned, 2, 2) : nn.functional.avg_pool2d(turned, 2, 2).mul_(_options.PoolingScale);
        return pooled.permute(0, 2, 3, 1).contiguous().MoveToOuterDisposeScope();
    }
}
