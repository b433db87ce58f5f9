using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Reduction;

/// <summary>
/// A ridge regression from patches to target values, gathered batch by batch. Its size depends only on the channels, not on how much
/// data it has seen. Sums are float64.
/// </summary>
internal sealed class NormalEquations(int unknowns, int outputs) : IDisposable
{
    private readonly Tensor _products = zeros(unknowns, unknowns, float64).DetachFromDisposeScope(); // XXᵀ
    private readonly Tensor _right = zeros(unknowns, outputs, float64).DetachFromDisposeScope(); // XYᵀ

    /// <summary>Adds data.</summary>
    /// <param name="inputs">unknowns×P; the last row is ones, for the bias.</param>
    /// <param name="targets">outputs×P.</param>
    public void Add(Tensor inputs, Tensor targets)
    {
        using var scope = NewDisposeScope();
        _products.add_(inputs.mm(inputs.t()));
        _right.add_(inputs.mm(targets.t()));
    }

    /// <summary>
    /// Minimises <c>‖solutionᵀX − Y‖² + Σ ridge · diag(XXᵀ) · (solution − prior)²</c>. The bias is not pulled.
    /// </summary>
    /// <param name="ridge">Strength of the pull, relative to the diagonal of XXᵀ.</param>
    /// <param name="prior">unknowns×outputs float64 that the solution is pulled towards; null means zero.</param>
    /// <returns>unknowns×outputs float64; the caller owns it.</returns>
    public Tensor Solve(double ridge, Tensor? prior = null)
    {
        using var scope = NewDisposeScope();
        var diagonal = _products.diagonal();
        var pull = ridge * diagonal + 1e-12 * diagonal.max(); // inactive channels must not make the matrix singular
        pull[unknowns - 1] = 1e-9 * diagonal[unknowns - 1];
        var factor = linalg.cholesky(_products + diag(pull));
        var right = prior is null ? _right : _right + pull.unsqueeze(1) * prior;
        return right.cholesky_solve(factor).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _products.Dispose();
        _right.Dispose();
    }
}
