using NeuralStyle.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Vgg.Fused.Bfloat16;

/// <summary>
/// A convolution whose factors are rounded to bfloat16 (8 bits of a float32's 24), by libtorch, which uses the processor's
/// <see cref="MatrixUnit"/>; sums are float32, and results are rounded once more. Works on strips of rows, so that what is rounded takes
/// little memory.
/// </summary>
/// <param name="weights">The weights; rounded copies are made at the first use.</param>
internal sealed class Bfloat16Layer(ConvolutionWeights weights) : IFusedConvolution
{
    /// <summary>Bytes of the rounded copies of a weight, one for each direction.</summary>
    public const double BytesPerParameter = 4;

    private const int MostValues = 1 << 22; // of a strip, 8 MB
    private const int LeastRows = 8; // each strip has two more

    private readonly Tensor _bias = tensor(weights.Bias).DetachFromDisposeScope();
    private Tensor? _forward, _backward;

    /// <inheritdoc/>
    public int Inputs => weights.InChannels;

    /// <inheritdoc/>
    public int Outputs => weights.OutChannels;

    /// <inheritdoc/>
    public void Forward(Tensor x, Tensor result, Tensor? opened)
    {
        var gates = opened is null ? default : GatePlane.Of(opened);
        var target = Plane.Of(result);
        Strips(x, Kernel(ref _forward, backward: false), default, default,
            (strip, top) => Rounding.Widen(TensorMemory.AddressOf(strip), (int)strip.shape[1], TensorMemory.AddressOf(_bias), target, top,
                gates));
    }

    /// <inheritdoc/>
    public void Backward(Tensor gradient, Tensor? result, Tensor? opened, Tensor input)
    {
        var target = Plane.Of(input);
        Strips(gradient, Kernel(ref _backward, backward: true), result is null ? default : Plane.Of(result),
            opened is null ? default : GatePlane.Of(opened),
            (strip, top) => Rounding.Widen(TensorMemory.AddressOf(strip), (int)strip.shape[1], 0, target, top, default));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _bias.Dispose();
        _forward?.Dispose();
        _backward?.Dispose();
    }

    /// <summary>Convolves strips of rows.</summary>
    /// <param name="from">1×H×W×C.</param>
    /// <param name="kernel">K×C×3×3, rounded, channels innermost.</param>
    /// <param name="values">See <see cref="Rounding.Round"/>.</param>
    /// <param name="gates">The same.</param>
    /// <param name="keep">Receives a result, 1×rows×W×K in bfloat16, and its first row.</param>
    private static void Strips(Tensor from, Tensor kernel, Plane values, GatePlane gates, Action<Tensor, int> keep)
    {
        using var _ = no_grad();
        var source = Plane.Of(from);
        var most = (int)Math.Max(LeastRows, MostValues / (source.Width * Math.Max(kernel.shape[0], kernel.shape[1])));
        var strips = (source.Height + most - 1) / most;
        for (var i = 0; i < strips; i++)
        {
            using var scope = NewDisposeScope();
            var (top, bottom) = ((int)((long)source.Height * i / strips), (int)((long)source.Height * (i + 1) / strips));
            var rounded = empty([1, bottom - top + 2, source.Width, source.Channels], ScalarType.BFloat16); // a row more at either side
            Rounding.Round(source, top - 1, bottom + 1, values, gates, TensorMemory.AddressOf(rounded));
            var result = nn.functional.conv2d(rounded.permute(0, 3, 1, 2), kernel, padding: [0, 1]).permute(0, 2, 3, 1).contiguous();
            keep(result, top);
        }
    }

    /// <summary>The rounded kernel of a direction; back, input and output are swapped and it is turned by 180°.</summary>
    private Tensor Kernel(ref Tensor? kept, bool backward)
    {
        if (kept is not null) return kept;
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var kernel = tensor(weights.Kernel, [weights.OutChannels, weights.InChannels, 3, 3]);
        if (backward) kernel = kernel.permute(1, 0, 2, 3).flip(2, 3);
        return kept = ComputeTuning.ChannelsLast(kernel.to(ScalarType.BFloat16)).DetachFromDisposeScope();
    }
}
