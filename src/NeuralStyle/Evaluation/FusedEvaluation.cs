using NeuralStyle.Losses;
using NeuralStyle.Runtime;
using NeuralStyle.Vgg;
using static TorchSharp.torch;

namespace NeuralStyle.Evaluation;

/// <summary>
/// The losses on a <see cref="IPass"/> of the fused network: each style loss adds its <see cref="StyleSlope"/> to the gradient that comes
/// from deeper layers.
/// </summary>
/// <param name="objective">Terms and targets; not owned.</param>
internal sealed class FusedEvaluation(Objective objective)
{
    /// <summary>Evaluates. Disposes the pass as it goes.</summary>
    /// <param name="image">1×3×H×W.</param>
    /// <param name="pass">The forward pass of the image.</param>
    /// <returns>One raw value per term, each a scalar, and the gradient; in the caller's dispose scope.</returns>
    public (List<Tensor> Raw, Tensor Gradient) Run(Tensor image, IPass pass)
    {
        var features = pass.Wanted.ToDictionary(pair => pair.Layer, pair => pair.Result);
        List<Tensor> raw = [];
        foreach (var term in objective.Content)
        {
            using var phase = RunProfile.Of("content loss");
            using var target = term.Target.permute(0, 2, 3, 1);
            raw.Add(ContentLoss.SquaredDifference(features[term.Layer], target).mul_(term.Factor));
        }
        var derived = StyleSlope.OfAll(objective.Style.Select(term => Gather(features[term.Layer], term)).ToArray());
        raw.AddRange(derived.Select(of => of.Loss));
        var similar = objective.Similarities.Select(term => Compare(term, features[term.Layer])).ToArray();
        raw.AddRange(similar.Select(of => of.Loss));
        var pulled = objective.Pulls.Select(term => Pull(term, features[term.Layer])).ToArray();
        raw.AddRange(pulled.Select(of => of.Loss));
        var slopes = derived.Select(of => of.Slope).ToArray();

        var result = pass.Backward((layer, gradient) =>
        {
            foreach (var term in objective.Content.Where(term => term.Layer == layer))
            {
                using var phase = RunProfile.Of("content loss");
                using var target = term.Target.permute(0, 2, 3, 1);
                ContentLoss.AddSlope(gradient, features[layer], target, 2 * term.Weight * term.Factor);
            }
            foreach (var (term, slope) in objective.Style.Zip(slopes).Where(pair => pair.First.Layer == layer))
                Add(layer, slope, term.Mask, features[layer], gradient);
            foreach (var (term, (_, slope)) in objective.Similarities.Zip(similar).Where(pair => pair.First.Layer == layer))
            {
                using var phase = RunProfile.Of("content loss");
                SimilarityTerm.AddSlope(gradient.permute(0, 3, 1, 2), term.Places, slope);
            }
            foreach (var (term, (_, slope)) in objective.Pulls.Zip(pulled).Where(pair => pair.First.Layer == layer))
            {
                using var phase = RunProfile.Of("nearest gradient", layer);
                PullGathering.AddSlope(term, slope, gradient.permute(0, 3, 1, 2));
                slope.Dispose();
            }
        });

        raw.AddRange(objective.AddPictureTerms(image, result));
        return (raw, result);
    }

    private static (StyleTerm Term, Tensor Sums, Tensor Products, double Positions) Gather(Tensor features, StyleTerm term)
    {
        using var phase = RunProfile.Of("style statistics", term.Layer);
        using var scope = NewDisposeScope();
        var (sums, products) = LayerStatistics.Sums(features.permute(0, 3, 1, 2), term.Mask?.Weights);
        return (term, sums.MoveToOuterDisposeScope(), products.MoveToOuterDisposeScope(), features.shape[1] * features.shape[2]);
    }

    private static (Tensor Loss, Tensor Slope) Compare(SimilarityTerm term, Tensor features)
    {
        using var phase = RunProfile.Of("content loss");
        using var places = term.At(features.permute(0, 3, 1, 2));
        return term.WithSlope(places);
    }

    private static (Tensor Loss, Tensor Slope) Pull(PullTerm term, Tensor features)
    {
        using var phase = RunProfile.Of("nearest loss", term.Layer);
        return PullGathering.WithSlope(term, features.permute(0, 3, 1, 2), whole => whole);
    }

    private static void Add(VggLayer layer, StyleSlope slope, WeightedMask? mask, Tensor features, Tensor gradient)
    {
        using var phase = RunProfile.Of("style gradient", layer);
        using var scope = NewDisposeScope();
        var channels = features.shape[3];
        var (from, to) = (features.view(-1, channels), gradient.view(-1, channels)); // M×C
        if (mask is null) slope.AddTo(to, from);
        else to.addcmul_(slope.At(from), mask.Weights.view(-1, 1), 1);
    }
}
