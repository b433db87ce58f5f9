using NeuralStyle.Runtime;
using NeuralStyle.Runtime.Lanes;
using NeuralStyle.Vgg.Fused.Bfloat16;
using NeuralStyle.Vgg.Fused.Winograd;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Vgg.Fused;

/// <summary>
/// VGG on CPUs with AVX2, AVX-512 or ARM's Advanced SIMD: convolutions fused with their ReLU, and a separate backward pass that
/// keeps the activations of the requested layers and one bit for each of the others, frees each after its last use, and computes no
/// gradient but the picture's. float32; zero padding for each layer but the first, which may be replicated. One pass at a time, forward or
/// backward.
/// </summary>
internal sealed class FusedNetwork : IForward
{
    private static readonly VggLayer FirstOfAll = new(1, 1);
    private readonly List<(VggLayer Layer, IFusedConvolution Convolution)> _layers; // after the first
    private readonly InputTransform _input;
    private readonly NetworkOptions _options;
    private readonly VectorWidth _vectors;
    private readonly Workspace _workspace = new();
    private readonly Tensor _first, _firstBias; // 3×3×3×64: colours, rows, columns, channels
    private readonly Tensor _back; // 3×3×3×64, rows, columns, colours, channels: from the gradient of the first layer to the picture's

    /// <summary>Makes a network, which keeps using the arrays of the weights.</summary>
    /// <param name="convolutions">In order of depth.</param>
    /// <param name="first">The kernel of the first of them, for RGB.</param>
    /// <param name="input">The network's input; not owned.</param>
    /// <param name="options">Pooling and padding.</param>
    /// <param name="vectors">The vector width; a supported one.</param>
    /// <param name="precision">How all but the first convolution multiply: float32 or bfloat16.</param>
    public FusedNetwork(IReadOnlyList<ConvolutionWeights> convolutions, Tensor first, InputTransform input, NetworkOptions options,
        VectorWidth vectors, ConvolutionPrecision precision)
    {
        using var scope = NewDisposeScope();
        (_input, _options, _vectors) = (input, options, vectors);
        _first = first.permute(1, 2, 3, 0).contiguous().DetachFromDisposeScope();
        _firstBias = tensor(convolutions[0].Bias).DetachFromDisposeScope();
        _back = first.flip(2, 3).permute(2, 3, 1, 0).contiguous().DetachFromDisposeScope();
        _layers = convolutions.Skip(1).Select(convolution => (convolution.Layer, precision == ConvolutionPrecision.Bfloat16
            ? (IFusedConvolution)new Bfloat16Layer(convolution)
            : new WinogradLayer(convolution, vectors))).ToList();
    }

    /// <summary>Whether this machine, these weights and options support the fused network.</summary>
    public static bool CanRun(IEnumerable<ConvolutionWeights> convolutions, NetworkOptions options) =>
        VectorWidths.Supported.Count > 0
        && (options.Padding is PaddingMode.Zero or PaddingMode.Replicate)
        && convolutions.First().OutChannels % WinogradConvolution.ChannelUnit == 0
        && convolutions.Skip(1).All(convolution => WinogradConvolution.CanRun(convolution.InChannels, convolution.OutChannels));

    /// <inheritdoc/>
    public IPass Pass(Tensor image, IReadOnlyCollection<VggLayer> wanted, bool keep, bool lasting, int from)
    {
        using var _ = no_grad();
        if (from != 1) return Forward(from, image, wanted, keep, lasting);
        Tensor transformed;
        using (RunProfile.Of("input")) transformed = _input.Apply(image);
        using var input = transformed;
        return Forward(1, input, wanted, keep, lasting);
    }

    /// <summary>Runs a stretch of the network up to the deepest wanted layer.</summary>
    /// <param name="from">The block to begin with.</param>
    /// <param name="input">For block 1 the network's input, 1×3×H×W, else the input of the block, 1×C×H×W; large enough to be
    /// pooled that often.</param>
    /// <param name="wanted">Layers whose activations are asked for.</param>
    /// <param name="keep">Whether the activations in between are kept for <see cref="FusedPass.Backward"/>.</param>
    /// <param name="lasting">Whether the pass outlives the next one; otherwise the next one reuses its memory.</param>
    private FusedPass Forward(int from, Tensor input, IReadOnlyCollection<VggLayer> wanted, bool keep, bool lasting)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        _workspace.Begin(input.shape[2] * input.shape[3]);
        List<FusedStage> stages = [];
        var deepest = wanted.Max();
        var layers = _layers.SkipWhile(pair => pair.Layer.Block < from).TakeWhile(pair => pair.Layer.CompareTo(deepest) <= 0).ToArray();
        Tensor Memory(params long[] shape) => lasting ? empty(shape) : _workspace.Lasting(shape);
        Tensor x;
        if (from == 1)
        {
            using var phase = RunProfile.Of("forward", FirstOfAll);
            x = First(input, Memory(1, input.shape[2], input.shape[3], _first.shape[3]));
            if (keep || wanted.Contains(FirstOfAll)) stages.Add(new FusedStage(FirstOfAll, null, x.DetachFromDisposeScope()));
        }
        else
        {
            x = input.permute(0, 2, 3, 1).contiguous();
        }
        for (var i = 0; i < layers.Length; i++)
        {
            var (layer, convolution) = layers[i];
            if (layer.Index == 1 && layer.Block != from) PoolInto(layer.Block);
            var asked = wanted.Contains(layer);
            var poolsNext = i + 1 < layers.Length ? layers[i + 1].Layer.Index == 1 : deepest.IsPooling;
            // the places of maxima tell it too
            var opened = keep && !asked && !(poolsNext && _options.Pooling == Pooling.Max)
                ? GatePlane.Reserve(x, convolution.Outputs)
                : null;
            long[] shape = [1, x.shape[1], x.shape[2], convolution.Outputs];
            var result = asked ? Memory(shape) : _workspace.Next(shape);
            using (RunProfile.Of("forward", layer)) convolution.Forward(x, result, opened);
            Follow(result);
            if (keep || asked)
                stages.Add(new FusedStage(layer, convolution, asked ? x.DetachFromDisposeScope() : null, opened?.DetachFromDisposeScope()));
        }
        if (deepest.IsPooling) PoolInto(deepest.Block);
        return new FusedPass(this, stages, wanted);

        void PoolInto(int block)
        {
            var into = VggLayer.PooledInto(block);
            var asked = wanted.Contains(into);
            var before = x.shape;
            using var phase = RunProfile.Of("pooling");
            var (pooled, places) = Pool(x, asked ? Memory(1, before[1] / 2, before[2] / 2, before[3]) : null, keep);
            Follow(pooled);
            if (keep || asked)
                stages.Add(new FusedStage(into, null, asked ? x.DetachFromDisposeScope() : null, places?.DetachFromDisposeScope(), before));
        }

        void Follow(Tensor next)
        {
            if (!stages.Any(stage => ReferenceEquals(stage.Result, x))) x.Dispose();
            x = next;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, convolution) in _layers) convolution.Dispose();
        _workspace.Dispose();
        _first.Dispose();
        _firstBias.Dispose();
        _back.Dispose();
    }

    /// <summary>The gradient with respect to the picture, from that with respect to the first layer's result.</summary>
    /// <param name="gradient">1×H×W×64.</param>
    /// <param name="result">1×H×W×64.</param>
    internal Tensor FirstBackward(Tensor gradient, Tensor result)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var replicates = _options.Padding == PaddingMode.Replicate;
        var frame = replicates ? 1 : 0; // the gradient of the frame of repeated pixels too
        var input = empty(1, 3, gradient.shape[1] + 2 * frame, gradient.shape[2] + 2 * frame);
        FirstLayer.Backward(Plane.Of(gradient), Plane.Of(result), TensorMemory.AddressOf(_back), TensorMemory.AddressOf(input), frame,
            _vectors, get_num_threads());
        if (!replicates) return _input.ToPicture(input).MoveToOuterDisposeScope();
        // The frame of one pixel repeats the border: its gradient belongs there. Rows first, so that corners go both ways.
        var (bottom, right) = (input.shape[2] - 1, input.shape[3] - 1);
        input.narrow(2, 1, 1).add_(input.narrow(2, 0, 1));
        input.narrow(2, bottom - 1, 1).add_(input.narrow(2, bottom, 1));
        input.narrow(3, 1, 1).add_(input.narrow(3, 0, 1));
        input.narrow(3, right - 1, 1).add_(input.narrow(3, right, 1));
        return _input.ToPicture(input.narrow(2, 1, bottom - 1).narrow(3, 1, right - 1).contiguous()).MoveToOuterDisposeScope();
    }

    /// <summary>The gradient with respect to what a convolution was applied to; see <see cref="IFusedConvolution.Backward"/>.</summary>
    internal Tensor LayerBackward(IFusedConvolution convolution, Tensor gradient, Tensor? result, Tensor? opened)
    {
        var input = _workspace.Next(1, gradient.shape[1], gradient.shape[2], convolution.Inputs);
        convolution.Backward(gradient, result, opened, input);
        return input;
    }

    /// <summary>The gradient with respect to what was pooled.</summary>
    /// <param name="gradient">With respect to the result of the pooling.</param>
    /// <param name="places">The result of <see cref="Pool"/>.</param>
    /// <param name="shape">Of what was pooled.</param>
    internal Tensor PoolBackward(Tensor gradient, Tensor? places, long[] shape)
    {
        var result = _workspace.Next(shape);
        if (places is not null)
            PoolingStep.MaximumBackward(TensorMemory.AddressOf(places), Plane.Of(gradient), Plane.Of(result), _vectors, get_num_threads());
        else
            PoolingStep.MeanBackward(Plane.Of(gradient), (float)(0.25 * _options.PoolingScale), Plane.Of(result), _vectors,
                get_num_threads());
        return result;
    }

    private Tensor First(Tensor input, Tensor result)
    {
        using var scope = NewDisposeScope();
        var framed = nn.functional.pad(input, [1, 1, 1, 1], _options.Padding == PaddingMode.Replicate
            ? PaddingModes.Replicate
            : PaddingModes.Constant).contiguous();
        FirstLayer.Forward(TensorMemory.AddressOf(framed), TensorMemory.AddressOf(_first), TensorMemory.AddressOf(_firstBias),
            Plane.Of(result), _vectors, get_num_threads());
        return result;
    }

    /// <summary>Pools; maxima come with their places if the backward pass will need them.</summary>
    /// <param name="x">1×H×W×C.</param>
    /// <param name="result">Where to write; null for a buffer.</param>
    /// <param name="keep">Whether places are needed.</param>
    private (Tensor Pooled, Tensor? Places) Pool(Tensor x, Tensor? result, bool keep)
    {
        using var scope = NewDisposeScope();
        long[] shape = [1, x.shape[1] / 2, x.shape[2] / 2, x.shape[3]];
        if (_options.Pooling == Pooling.Max)
        {
            var (maxima, places) = (result ?? _workspace.Next(shape), keep ? empty(shape, ScalarType.Byte) : null);
            PoolingStep.Maximum(Plane.Of(x), Plane.Of(maxima), places is null ? 0 : TensorMemory.AddressOf(places), _vectors,
                get_num_threads());
            return (maxima.MoveToOuterDisposeScope(), places?.MoveToOuterDisposeScope());
        }
        var means = nn.functional.avg_pool2d(x.permute(0, 3, 1, 2), 2, 2).mul_(_options.PoolingScale).permute(0, 2, 3, 1);
        return ((result is null ? means.contiguous() : result.copy_(means)).MoveToOuterDisposeScope(), null);
    }
}
