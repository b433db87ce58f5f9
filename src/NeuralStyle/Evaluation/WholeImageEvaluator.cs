using NeuralStyle.Losses;
using NeuralStyle.Vgg;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Evaluation;

/// <summary>Evaluates the whole picture in one forward and one backward pass.</summary>
/// <param name="network">The frozen network; not owned.</param>
/// <param name="objective">Terms and targets; not owned.</param>
public sealed class WholeImageEvaluator(VggNetwork network, Objective objective) : IEvaluator
{
    private readonly IReadOnlyCollection<VggLayer> _layers = objective.Layers;

    /// <inheritdoc/>
    public IReadOnlyList<TermInfo> Terms { get; } = objective.Terms;

    /// <inheritdoc/>
    public Evaluated Evaluate(Tensor image)
    {
        using var scope = NewDisposeScope();
        var x = image.detach().requires_grad_();
        var raw = RawTerms(x);
        if (raw.Count == 0)
            return new Evaluated(Keep(zeros([], image.dtype, image.device)), Keep(zeros([0], image.dtype, image.device)), Keep(zeros_like(image)));

        var values = stack(raw);
        var weights = tensor(Terms.Select(term => term.Weight).ToArray(), image.dtype, image.device);
        var total = values.dot(weights);
        var gradient = autograd.grad([total], [x])[0];
        return new Evaluated(Keep(total.detach()), Keep(values.detach()), Keep(gradient));

        static Tensor Keep(Tensor value) => value.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // network and objective belong to the caller
    }

    private List<Tensor> RawTerms(Tensor x)
    {
        var features = network.Forward(x, _layers);
        List<Tensor> raw = [];
        foreach (var term in objective.Content)
            raw.Add(ContentLoss.SquaredDifference(features[term.Layer], term.Target) * term.Factor);
        foreach (var term in objective.Style)
            raw.Add(StyleLoss.Of(objective.StyleLoss, LayerStatistics.Of(features[term.Layer], term.Mask), term.Target));
        if (objective.TotalVariationWeight != 0) raw.Add(TotalVariation.Squared(x, wraps: network.Options.Padding == PaddingMode.Circular));
        return raw;
    }
}
