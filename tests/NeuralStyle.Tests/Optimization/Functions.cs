using NeuralStyle.Evaluation;
using static TorchSharp.torch;

namespace NeuralStyle.Tests.Optimization;

/// <summary>Functions with known minima, in the shape that optimisers take.</summary>
internal static class Functions
{
    /// <summary>Σ 100·(x₍₂ᵢ₊₁₎ − x₂ᵢ²)² + (1 − x₂ᵢ)²; least at (1, 1, …).</summary>
    public static Evaluated Rosenbrock(Tensor x) => Evaluate(x, v =>
    {
        var pairs = v.view(-1, 2);
        var (a, b) = (pairs.select(1, 0), pairs.select(1, 1));
        return (100 * (b - a.square()).square() + (1 - a).square()).sum();
    });

    /// <summary>½·xᵀAx − bᵀx; least where Ax = b.</summary>
    public static Func<Tensor, Evaluated> Quadratic(Tensor a, Tensor b) => x => Evaluate(x, v => 0.5 * v.dot(a.mv(v)) - b.dot(v));

    public static Evaluated Evaluate(Tensor x, Func<Tensor, Tensor> function)
    {
        using var _ = enable_grad();
        using var scope = NewDisposeScope();
        var v = x.detach().requires_grad_();
        var total = function(v);
        var gradient = autograd.grad([total], [v])[0];
        return new Evaluated(total.detach().MoveToOuterDisposeScope(), total.detach().view(1).MoveToOuterDisposeScope(),
            gradient.MoveToOuterDisposeScope());
    }
}
