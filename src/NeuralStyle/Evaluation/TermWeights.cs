using static TorchSharp.torch;

namespace NeuralStyle.Evaluation;

/// <summary>The weights of all terms, on the device of the pictures: copying them at every evaluation would make a GPU wait.</summary>
/// <param name="terms">The terms.</param>
internal sealed class TermWeights(IReadOnlyList<TermInfo> terms) : IDisposable
{
    private Tensor? _weights;

    /// <summary>The weighted sum of raw losses.</summary>
    /// <param name="values">One for each of the first terms, or for all.</param>
    /// <returns>A scalar, in the caller's dispose scope.</returns>
    public Tensor Total(Tensor values)
    {
        _weights ??= tensor(terms.Select(term => term.Weight).ToArray(), values.dtype, values.device).DetachFromDisposeScope();
        using var used = _weights.narrow(0, 0, values.shape[0]);
        return values.dot(used);
    }

    /// <inheritdoc/>
    public void Dispose() => _weights?.Dispose();
}
