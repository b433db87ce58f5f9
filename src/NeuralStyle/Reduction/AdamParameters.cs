using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Reduction;

/// <summary>
/// Tensors that Adam changes (Kingma and Ba 2015), with their running means. All values lie one after the other in one tensor, so that a
/// step is a handful of operations however many tensors there are: on a GPU, starting an operation takes longer than a small one.
/// </summary>
internal sealed class AdamParameters : IDisposable
{
    private const double FirstDecay = 0.9, SecondDecay = 0.999, Smallest = 1e-12;

    private readonly bool _channelsLast;
    private readonly Tensor _all, _scales, _mean, _square;
    private readonly Tensor[] _values;
    private Tensor? _average;
    private int _steps;

    /// <summary>Copies the values.</summary>
    /// <param name="values">Kernels, O×I×3×3, and biases, all on one device.</param>
    /// <param name="channelsLast">Whether kernels are stored with their input channels innermost.</param>
    public AdamParameters(IReadOnlyList<Tensor> values, bool channelsLast = false)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        _channelsLast = channelsLast;
        _all = cat(values.Select(Flat).ToArray()).DetachFromDisposeScope();
        _scales = cat(values.Select(value => value.square().mean().sqrt().clamp_min(Smallest).expand(value.numel())).ToArray())
            .DetachFromDisposeScope();
        _mean = zeros_like(_all).DetachFromDisposeScope();
        _square = zeros_like(_all).DetachFromDisposeScope();
        _values = Parts(_all, values);
        foreach (var value in _values) value.DetachFromDisposeScope().requires_grad = true;
    }

    /// <summary>The tensors, leaves of graphs; each step changes them.</summary>
    public IReadOnlyList<Tensor> Values => _values;

    /// <summary>One step. Each tensor is measured in units of its own root mean square, so that one rate fits all layers.</summary>
    /// <param name="slopes">A gradient for each tensor.</param>
    /// <param name="rate">Learning rate.</param>
    public void Step(IReadOnlyList<Tensor> slopes, double rate)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        _steps++;
        var slope = cat(slopes.Select(Flat).ToArray()).mul_(_scales);
        _mean.mul_(FirstDecay).add_(slope, alpha: 1 - FirstDecay);
        _square.mul_(SecondDecay).addcmul_(slope, slope, 1 - SecondDecay);
        var (first, second) = (1 - Math.Pow(FirstDecay, _steps), 1 - Math.Pow(SecondDecay, _steps));
        var spread = (_square / second).sqrt_().add_(Smallest);
        _all.add_((_mean / spread).mul_(_scales), alpha: -rate / first);
    }

    /// <summary>Lets a moving average follow the values. The first call begins it.</summary>
    /// <param name="decay">What is left of it after a step.</param>
    public void Average(double decay)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        if (_average is null) _average = _all.clone().DetachFromDisposeScope();
        else _average.mul_(decay).add_(_all, alpha: 1 - decay);
    }

    /// <summary>Exchanges the values and their moving average.</summary>
    public void SwapAverage()
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var values = _all.clone();
        _all.copy_(_average ?? throw new InvalidOperationException("no average was begun"));
        _average.copy_(values);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var value in (Tensor?[])[.. _values, _all, _scales, _mean, _square, _average]) value?.Dispose();
    }

    private Tensor Flat(Tensor value) => (_channelsLast && value.dim() == 4 ? value.permute(0, 2, 3, 1) : value).reshape(-1);

    /// <summary>Views of a flat tensor in the shapes of other tensors.</summary>
    private Tensor[] Parts(Tensor flat, IReadOnlyList<Tensor> like)
    {
        var (parts, at) = (new Tensor[like.Count], 0L);
        for (var i = 0; i < parts.Length; i++)
        {
            var (shape, count) = (like[i].shape, like[i].numel());
            var part = flat.narrow(0, at, count);
            parts[i] = (_channelsLast && shape.Length == 4
                ? part.view(shape[0], shape[2], shape[3], shape[1]).permute(0, 3, 1, 2)
                : part.view(shape)).detach();
            at += count;
        }
        return parts;
    }
}
