using NeuralStyle.Runtime;
using static TorchSharp.torch;

namespace NeuralStyle.Evaluation;

/// <summary>
/// The central interface: a picture in, its losses and gradient out. Pure: the same picture gives the same answer.
/// </summary>
internal interface IEvaluator : IDisposable
{
    /// <summary>The terms, in the order of <see cref="Evaluated.Raw"/>.</summary>
    IReadOnlyList<TermInfo> Terms { get; }

    /// <summary>Evaluates a picture.</summary>
    /// <param name="image">1×3×H×W, RGB in [0, 1] (values outside are allowed), on the evaluator's device.</param>
    /// <returns>Owned by the caller.</returns>
    Evaluated Evaluate(Tensor image);
}

/// <summary>The answer of an evaluator. Losses stay on the device until they are read, so that a GPU need not wait.</summary>
/// <param name="Total">A scalar: the weighted sum of the terms.</param>
/// <param name="Raw">One value per term, before weighting.</param>
/// <param name="Gradient">The derivative of <paramref name="Total"/> with respect to the picture, in its shape.</param>
internal sealed record Evaluated(Tensor Total, Tensor Raw, Tensor Gradient) : IDisposable
{
    /// <summary>Reads the total.</summary>
    public double ReadTotal() => HostReads.Of(Total)[0];

    /// <summary>Reads the raw values of the terms.</summary>
    public double[] ReadRaw() => HostReads.Of(Raw);

    /// <summary>Reads both at once.</summary>
    public (double Total, double[] Raw) Read() =>
        HostReads.Of(Total, Raw) is [var total, .. var raw]
            ? (total, raw)
            : throw new InvalidOperationException("an evaluation has a total");

    /// <inheritdoc/>
    public void Dispose()
    {
        Total.Dispose();
        Raw.Dispose();
        Gradient.Dispose();
    }
}
