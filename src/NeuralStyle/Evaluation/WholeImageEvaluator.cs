using NeuralStyle.Losses;
using NeuralStyle.Runtime.Native;
using NeuralStyle.Vgg;
using static TorchSharp.torch;

namespace NeuralStyle.Evaluation;

/// <summary>Evaluates the whole picture in one forward and one backward pass.</summary>
/// <param name="network">The frozen network; not owned.</param>
/// <param name="objective">Terms and targets; not owned.</param>
internal sealed class WholeImageEvaluator(VggNetwork network, Objective objective) : IEvaluator
{
    private readonly IReadOnlyCollection<VggLayer> _layers = objective.Layers;
    private readonly TermWeights _weights = new(objective.Terms);

    /// <inheritdoc/>
    public IReadOnlyList<TermInfo> Terms { get; } = objective.Terms;

    /// <inheritdoc/>
    public Evaluated Evaluate(Tensor image)
    {
        using var pass = NativeAllocator.Pass();
        using var scope = NewDisposeScope();
        if (Fused(image) is { } fused) return fused;
        var x = image.detach().requires_grad_();
        var raw = FeatureTerms(x);
        var gradient = raw.Count == 0 ? zeros_like(image) : Gradient(raw, x);
        raw.AddRange(objective.AddPictureTerms(image, gradient, wraps: network.Options.Padding == PaddingMode.Circular));
        using var _ = no_grad();
        var values = raw.Count == 0 ? zeros([0], image.dtype, image.device) : stack(raw);
        return new Evaluated(Keep(_weights.Total(values)), Keep(values.detach()), Keep(gradient));
    }

    /// <inheritdoc/>
    public void Dispose() => _weights.Dispose(); // network and objective belong to the caller

    private static Tensor Keep(Tensor value) => value.MoveToOuterDisposeScope();

    /// <summary>By the fused network, if there is one: faster, and with less memory; otherwise null.</summary>
    private Evaluated? Fused(Tensor image)
    {
        if (!network.IsFused || _layers.Count == 0) return null;
        using var pass = network.Pass(image, _layers);
        using var scope = NewDisposeScope();
        var (raw, gradient) = new FusedEvaluation(objective).Run(image, pass);
        using var _ = no_grad();
        var values = stack(raw);
        var total = _weights.Total(values);
        return new Evaluated(Keep(Keep(total)), Keep(Keep(values)), Keep(Keep(gradient)));
    }

    private Tensor Gradient(List<Tensor> raw, Tensor x)
    {
        var gradient = autograd.grad([_weights.Total(stack(raw))], [x])[0].contiguous();
        for (var i = 0; i < raw.Count; i++) raw[i] = raw[i].detach();
        return gradient;
    }

    private List<Tensor> FeatureTerms(Tensor x)
    {
        using var scope = NewDisposeScope(); // from here on only the graph holds activations, and frees each in the backward pass
        var features = network.Forward(x, _layers);
        List<Tensor> raw = [];
        foreach (var term in objective.Content)
            raw.Add(ContentLoss.SquaredDifference(features[term.Layer], term.Target) * term.Factor);
        foreach (var term in objective.Style)
            raw.Add(StyleLoss.Of(term.Kind, LayerStatistics.Of(features[term.Layer], term.Mask?.Weights, term.Mask?.Sum),
                term.Target));
        foreach (var term in objective.Similarities) raw.Add(SelfSimilarity.Of(term.At(features[term.Layer]), term.Target));
        foreach (var term in objective.Pulls) raw.Add(PullGathering.Of(term.Layer, term.Targets, features[term.Layer]));
        return raw.Select(term => term.MoveToOuterDisposeScope()).ToList();
    }
}
