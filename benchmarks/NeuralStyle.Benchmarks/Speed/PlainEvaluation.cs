using NeuralStyle.Vgg;
using static TorchSharp.torch;

namespace NeuralStyle.Benchmarks.Speed;

/// <summary>
/// The baseline: the same evaluation as plain libtorch calls, the way the PyTorch tutorials write it. Convolution, a new tensor
/// for each ReLU, maximum pooling, five Gram matrices, the gradient by autograd.
/// </summary>
internal sealed class PlainEvaluation : IDisposable
{
    private readonly List<(VggLayer Layer, Tensor Kernel, Tensor Bias)> _network = [];
    private readonly List<Tensor> _targets;

    public PlainEvaluation(VggWeights weights, Tensor style)
    {
        foreach (var convolution in weights.Convolutions)
            _network.Add((convolution.Layer, tensor(convolution.Kernel, [convolution.OutChannels, convolution.InChannels, 3, 3]),
                tensor(convolution.Bias)));
        using var _ = no_grad();
        _targets = Grams(style);
    }

    /// <summary>Loss and gradient.</summary>
    public (double Loss, Tensor Gradient) Evaluate(Tensor image)
    {
        using var scope = NewDisposeScope();
        var x = image.detach().requires_grad_();
        var loss = zeros(1);
        foreach (var (gram, target) in Grams(x).Zip(_targets)) loss = loss + nn.functional.mse_loss(gram, target);
        loss.backward();
        return (loss.item<float>(), x.grad!.MoveToOuterDisposeScope());
    }

    public void Dispose()
    {
        foreach (var (_, kernel, bias) in _network)
        {
            kernel.Dispose();
            bias.Dispose();
        }
        foreach (var target in _targets) target.Dispose();
    }

    private List<Tensor> Grams(Tensor image)
    {
        List<Tensor> grams = [];
        var x = (image - 0.5) / 0.25;
        foreach (var (layer, kernel, bias) in _network)
        {
            if (layer is { Block: > 1, Index: 1 }) x = nn.functional.max_pool2d(x, 2);
            x = nn.functional.relu(nn.functional.conv2d(x, kernel, bias, padding: [1, 1]));
            if (!FullWidth.Layers.Contains(layer)) continue;
            var flat = x.view(x.shape[1], -1);
            grams.Add(flat.mm(flat.t()) / flat.shape[1]);
        }
        return grams;
    }
}
