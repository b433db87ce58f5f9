using NeuralStyle.Losses;
using NeuralStyle.Runtime;
using static TorchSharp.torch;

namespace NeuralStyle.Evaluation;

/// <summary>Adds <see cref="TemporalLoss"/> to the losses of a frame: one more term, which needs no network.</summary>
/// <param name="inner">Owned.</param>
/// <param name="warped">1×3×H×W: the result before, warped; not owned.</param>
/// <param name="seen">1×1×H×W: the weight of each pixel; not owned.</param>
/// <param name="weight">Of the term.</param>
internal sealed class TemporalEvaluator(IEvaluator inner, Tensor warped, Tensor seen, double weight) : IEvaluator
{
    /// <inheritdoc/>
    public IReadOnlyList<TermInfo> Terms { get; } = [.. inner.Terms, new TermInfo(TermKind.Temporal, null, weight)];

    /// <summary>
    /// The weight that means the same for every network, preset and size: in units of the loss of the warped picture itself, for a
    /// difference of a tenth of the range of values.
    /// </summary>
    /// <param name="evaluator">The other losses.</param>
    /// <param name="start">1×3×H×W: the picture that the frame starts from.</param>
    /// <param name="relative">The user's weight.</param>
    public static double Weight(IEvaluator evaluator, Tensor start, double relative)
    {
        const double unit = 0.1;
        using var evaluated = evaluator.Evaluate(start);
        return relative * evaluated.ReadTotal() / (unit * unit);
    }

    /// <inheritdoc/>
    public Evaluated Evaluate(Tensor image)
    {
        var evaluated = inner.Evaluate(image);
        using var phase = RunProfile.Of("temporal loss");
        using var _ = no_grad();
        using var value = TemporalLoss.AddGradient(image, warped, seen, evaluated.Gradient, weight);
        using var one = value.unsqueeze(0);
        using var earlier = evaluated.Total;
        using var raw = evaluated.Raw;
        return evaluated with { Total = earlier.add(value, alpha: weight), Raw = cat([raw, one]) };
    }

    /// <inheritdoc/>
    public void Dispose() => inner.Dispose();
}
