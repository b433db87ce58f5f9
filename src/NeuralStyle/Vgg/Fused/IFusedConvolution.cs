using static TorchSharp.torch;

namespace NeuralStyle.Vgg.Fused;

/// <summary>
/// One convolution of the fused network with its ReLU, forward and back, on tensors of 1×H×W×C, float32: by Winograd's method, or in
/// bfloat16 where a processor has a matrix unit.
/// </summary>
internal interface IFusedConvolution : IDisposable
{
    /// <summary>Number of channels of x, C.</summary>
    int Inputs { get; }

    /// <summary>Number of channels of the result, K.</summary>
    int Outputs { get; }

    /// <summary>relu(conv(x) + bias), with zeros around x.</summary>
    /// <param name="x">1×H×W×C.</param>
    /// <param name="result">Where to write the result, 1×H×W×K.</param>
    /// <param name="opened">See <see cref="GatePlane.Reserve"/>: where to write which results are above 0; null for nowhere.</param>
    void Forward(Tensor x, Tensor result, Tensor? opened);

    /// <summary>The gradient with respect to x.</summary>
    /// <param name="gradient">With respect to the result, 1×H×W×K.</param>
    /// <param name="result">The result of <see cref="Forward"/>; null if <paramref name="opened"/> is enough, or the gradient is 0 already
    /// where the result is.</param>
    /// <param name="opened">Which results were above 0; null for none.</param>
    /// <param name="input">Where to write the gradient with respect to x, 1×H×W×C.</param>
    void Backward(Tensor gradient, Tensor? result, Tensor? opened, Tensor input);
}
