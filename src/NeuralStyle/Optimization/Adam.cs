using NeuralStyle.Evaluation;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Optimization;

/// <summary>
/// Adam (Kingma and Ba 2015, algorithm 1). Our own because its moments are carried over to the next scale and into checkpoints.
/// A gradient that is not finite counts as zero at that element.
/// </summary>
/// <param name="learningRate">Step size, in units of the variable.</param>
/// <param name="beta1">Decay of the first moment.</param>
/// <param name="beta2">Decay of the second moment.</param>
/// <param name="range">Limits that the variable is clamped to behind each step; null for none.</param>
public sealed class Adam(double learningRate, double beta1 = 0.9, double beta2 = 0.99, (double Low, double High)? range = null) : IOptimizer
{
    // Losses differ in size by many powers of ten between networks and definitions: small enough never to matter for any of them.
    private const double Epsilon = 1e-12;
    private Tensor? _first;
    private Tensor? _second;
    private long _steps;

    /// <inheritdoc/>
    public Evaluated Step(Tensor x, Func<Tensor, Evaluated> evaluate)
    {
        var evaluated = evaluate(x);
        using var _ = no_grad();
        _first ??= zeros_like(x).DetachFromDisposeScope();
        _second ??= zeros_like(x).DetachFromDisposeScope();
        _steps++;
        foreach (var strip in Strips.Of(x, evaluated.Gradient, _first, _second))
        {
            var (at, gradient, first, second) = (strip[0], strip[1].nan_to_num(0, 0, 0), strip[2], strip[3]);
            first.mul_(beta1).add_(gradient, 1 - beta1);
            second.mul_(beta2).addcmul_(gradient, gradient, 1 - beta2);
            var denominator = second.div(1 - Math.Pow(beta2, _steps)).sqrt_().add_(Epsilon);
            at.addcdiv_(first, denominator, -learningRate / (1 - Math.Pow(beta1, _steps)));
            if (range is var (low, high)) at.clamp_(low, high);
        }
        return evaluated;
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> SaveState() => _first is null || _second is null
        ? new Dictionary<string, Tensor>()
        : new Dictionary<string, Tensor> { ["first"] = _first.alias(), ["second"] = _second.alias(), ["steps"] = tensor(_steps) };

    /// <inheritdoc/>
    public void RestoreState(IReadOnlyDictionary<string, Tensor> state)
    {
        Dispose();
        if (!state.TryGetValue("first", out var first)) return;
        _first = first.DetachFromDisposeScope();
        _second = state["second"].DetachFromDisposeScope();
        using var steps = state["steps"].cpu();
        state["steps"].Dispose();
        _steps = steps.item<long>();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _first?.Dispose();
        _second?.Dispose();
        (_first, _second, _steps) = (null, null, 0);
    }
}
