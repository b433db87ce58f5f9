using NeuralStyle.Runtime;
using NeuralStyle.Vgg.Fused.Winograd.Lanes;
using static TorchSharp.torch;

namespace NeuralStyle.Vgg.Fused.Winograd;

/// <summary>One convolution with its ReLU, forward and back, on tensors of 1×H×W×C.</summary>
/// <param name="weights">The weights, of which no copy is made.</param>
/// <param name="vectors">What to compute with.</param>
internal sealed class WinogradLayer(ConvolutionWeights weights, VectorWidth vectors) : IDisposable
{
    private readonly Tensor _bias = tensor(weights.Bias).DetachFromDisposeScope();

    /// <summary>Number of channels of x, C.</summary>
    public int Inputs => weights.InChannels;

    /// <summary>Number of channels of the result, K.</summary>
    public int Outputs => weights.OutChannels;

    /// <summary>relu(conv(x) + bias), with zeros around x.</summary>
    /// <param name="x">1×H×W×C.</param>
    /// <param name="result">Where to write the result, 1×H×W×K.</param>
    /// <param name="opened">See <see cref="GatePlane.Reserve"/>: where to write which results are above 0; null for nowhere.</param>
    public void Forward(Tensor x, Tensor result, Tensor? opened = null)
    {
        var gates = opened is null ? default : GatePlane.Of(opened);
        Run(x, backward: false, new WinogradStep(Bias: TensorMemory.AddressOf(_bias), Opened: gates), result);
    }

    /// <summary>The gradient with respect to x.</summary>
    /// <param name="gradient">With respect to the result, 1×H×W×K.</param>
    /// <param name="result">The result of <see cref="Forward"/>; null if <paramref name="opened"/> is enough, or the gradient is 0 already
    /// where the result is.</param>
    /// <param name="opened">Which results were above 0; null for none.</param>
    /// <param name="input">Where to write the gradient with respect to x, 1×H×W×C.</param>
    public void Backward(Tensor gradient, Tensor? result, Tensor? opened, Tensor input)
    {
        var step = new WinogradStep(Values: result is null
            ? default
            : Plane.Of(result), Gates: opened is null
            ? default
            : GatePlane.Of(opened));
        Run(gradient, backward: true, step, input);
    }

    /// <inheritdoc/>
    public void Dispose() => _bias.Dispose();

    private unsafe void Run(Tensor from, bool backward, WinogradStep step, Tensor to)
    {
        fixed (float* kernel = weights.Kernel) // the collector must not move it during the call
            WinogradConvolution.Run(Plane.Of(from), new WinogradKernels((nint)kernel, Outputs, Inputs, backward), step, Plane.Of(to),
                vectors, get_num_threads());
    }
}
