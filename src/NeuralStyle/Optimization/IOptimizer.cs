using NeuralStyle.Evaluation;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Optimization;

/// <summary>Minimises a function of a tensor. Knows nothing of images or networks.</summary>
internal interface IOptimizer : IDisposable
{
    /// <summary>Takes one step, changing <paramref name="x"/> in place.</summary>
    /// <param name="x">The variable; any shape.</param>
    /// <param name="evaluate">Returns loss and gradient at a point of the same shape.</param>
    /// <returns>An evaluation made in this step: Adam's before the move, L-BFGS's after it. Owned by the caller.</returns>
    Evaluated Step(Tensor x, Func<Tensor, Evaluated> evaluate);

    /// <summary>Tells that the function is no longer the same: what was evaluated before does not count.</summary>
    void FunctionChanged();

    /// <summary>
    /// Everything the next step depends on, by name. Views, so that a saved state costs no memory: they are valid until the next
    /// step. The caller disposes of them.
    /// </summary>
    IReadOnlyDictionary<string, Tensor> SaveState();

    /// <summary>Continues from a saved state of an optimiser of this kind. Takes over the tensors and will change them in place.</summary>
    void RestoreState(IReadOnlyDictionary<string, Tensor> state);
}
