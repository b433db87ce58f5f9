using NeuralStyle.Runtime;
using NeuralStyle.Runtime.Lanes;
using static TorchSharp.torch;

namespace NeuralStyle.Vgg.Fused.Winograd;

/// <summary>A convolution by Winograd's method.</summary>
/// <param name="weights">The weights, of which no copy is made.</param>
/// <param name="vectors">What to compute with.</param>
internal sealed class WinogradLayer(ConvolutionWeights weights, VectorWidth vectors) : IFusedConvolution
{
    private readonly Tensor _bias = tensor(weights.Bias).DetachFromDisposeScope();

    /// <inheritdoc/>
    public int Inputs => weights.InChannels;

    /// <inheritdoc/>
    public int Outputs => weights.OutChannels;

    /// <inheritdoc/>
    public void Forward(Tensor x, Tensor result, Tensor? opened)
    {
        var gates = opened is null ? default : GatePlane.Of(opened);
        Run(x, backward: false, new WinogradStep(Bias: TensorMemory.AddressOf(_bias), Opened: gates), result);
    }

    /// <inheritdoc/>
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
