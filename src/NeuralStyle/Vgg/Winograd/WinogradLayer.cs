using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Vgg.Winograd;

/// <summary>One convolution with its ReLU, forward and back, on tensors of 1×H×W×C.</summary>
internal sealed class WinogradLayer : IDisposable
{
    private readonly PackedKernels _forward, _backward;
    private readonly Tensor _bias;

    /// <summary>Packs the weights.</summary>
    public WinogradLayer(ConvolutionWeights weights)
    {
        (_forward, _backward) = (PackedKernels.Forward(weights), PackedKernels.Backward(weights));
        _bias = tensor(weights.Bias).DetachFromDisposeScope();
    }

    /// <summary>relu(conv(x) + bias), with zeros around x.</summary>
    /// <param name="x">1×H×W×C.</param>
    /// <returns>1×H×W×K.</returns>
    public Tensor Forward(Tensor x)
    {
        var result = empty([1, x.shape[1], x.shape[2], _forward.Outputs]);
        WinogradConvolution.Run(Plane.Of(x), _forward, new WinogradStep(Plane.PointerTo(_bias), default), Plane.Of(result), get_num_threads());
        return result;
    }

    /// <summary>The gradient with respect to x.</summary>
    /// <param name="gradient">With respect to the result, 1×H×W×K.</param>
    /// <param name="result">What <see cref="Forward"/> gave.</param>
    public Tensor Backward(Tensor gradient, Tensor result)
    {
        var input = empty([1, gradient.shape[1], gradient.shape[2], _backward.Outputs]);
        WinogradConvolution.Run(Plane.Of(gradient), _backward, new WinogradStep(0, Plane.Of(result)), Plane.Of(input), get_num_threads());
        return input;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _forward.Dispose();
        _backward.Dispose();
        _bias.Dispose();
    }
}
