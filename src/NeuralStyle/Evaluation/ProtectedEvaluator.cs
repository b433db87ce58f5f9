using static TorchSharp.torch;

namespace NeuralStyle.Evaluation;

/// <summary>
/// Evaluates the picture with some pixels fixed to the content: the inner evaluator sees
/// <c>picture + protect·(content − picture)</c>, and the gradient is that of this composition, so optimisers need no special case.
/// </summary>
/// <param name="inner">Owned.</param>
/// <param name="content">1×3×H×W; not owned.</param>
/// <param name="protect">1×1×H×W in [0, 1]: 1 fixes a pixel to the content; not owned.</param>
internal sealed class ProtectedEvaluator(IEvaluator inner, Tensor content, Tensor protect) : IEvaluator
{
    /// <inheritdoc/>
    public IReadOnlyList<TermInfo> Terms => inner.Terms;

    /// <summary>The picture with the protected pixels in place; owned by the caller.</summary>
    public Tensor Compose(Tensor image)
    {
        using var _ = no_grad();
        return image.lerp(content, protect);
    }

    /// <inheritdoc/>
    public Evaluated Evaluate(Tensor image)
    {
        using var composed = Compose(image);
        var evaluated = inner.Evaluate(composed);
        using var _ = no_grad();
        using var whole = evaluated.Gradient;
        return evaluated with { Gradient = whole * (1 - protect) };
    }

    /// <inheritdoc/>
    public void Dispose() => inner.Dispose();
}
