using NeuralStyle.Losses;
using NeuralStyle.Vgg.Fused;
using static TorchSharp.torch;

namespace NeuralStyle.Evaluation;

/// <summary>
/// The losses on a <see cref="FusedPass"/>: automatic differentiation reaches from a style loss to the C×C statistics of its layer and
/// no further; from there to the activations it is one matrix product, added to what comes from deeper layers.
/// </summary>
/// <param name="objective">Terms and targets; not owned.</param>
internal sealed class FusedEvaluation(Objective objective)
{
    /// <summary>What one style term adds to the gradient: <c>mask · (F·Products + Sums)</c>, with F as M×C.</summary>
    private sealed record StyleGradient(Tensor Products, Tensor? Sums, Tensor? Mask);

    /// <summary>Evaluates. Disposes the pass as it goes.</summary>
    /// <param name="image">1×3×H×W.</param>
    /// <param name="pass">The forward pass of the image.</param>
    /// <param name="toPicture">From the gradient of the network's input to that of the picture.</param>
    /// <returns>One raw value per term, each a scalar, and the gradient; in the caller's dispose scope.</returns>
    public (List<Tensor> Raw, Tensor Gradient) Run(Tensor image, FusedPass pass, Func<Tensor, Tensor> toPicture)
    {
        var features = pass.Wanted.ToDictionary(pair => pair.Layer, pair => pair.Result);
        List<Tensor> raw = [];
        foreach (var term in objective.Content)
        {
            using var difference = Difference(features[term.Layer], term);
            raw.Add(difference.square().sum().mul_(term.Factor));
        }
        var styles = new List<StyleGradient>();
        foreach (var term in objective.Style)
        {
            var (value, gradient) = Style(features[term.Layer], term);
            raw.Add(value);
            styles.Add(gradient);
        }

        var result = toPicture(pass.Backward((layer, gradient) =>
        {
            foreach (var term in objective.Content.Where(term => term.Layer == layer))
            {
                using var difference = Difference(features[layer], term);
                gradient.add_(difference, alpha: 2 * term.Weight * term.Factor);
            }
            foreach (var (term, style) in objective.Style.Zip(styles).Where(pair => pair.First.Layer == layer)) Add(style, features[layer], gradient);
        }));

        if (objective.TotalVariationWeight != 0) raw.Add(TotalVariation.AddGradient(image, result, objective.TotalVariationWeight));
        return (raw, result);
    }

    private static Tensor Difference(Tensor features, ContentTerm term)
    {
        using var target = term.Target.permute(0, 2, 3, 1);
        return features - target;
    }

    private (Tensor Value, StyleGradient Gradient) Style(Tensor features, StyleTerm term)
    {
        using var scope = NewDisposeScope();
        Tensor sums, products;
        double positions;
        using (no_grad())
        {
            var turned = features.permute(0, 3, 1, 2);
            (sums, products) = LayerStatistics.Sums(turned, term.Mask);
            positions = LayerStatistics.Positions(turned, term.Mask);
        }
        sums.requires_grad_();
        products.requires_grad_();
        var loss = StyleLoss.Of(objective.StyleLoss, LayerStatistics.FromSums(sums, products, positions), term.Target);
        var weighted = loss * term.Weight;
        var ofMeans = StyleLoss.UsesMeans(objective.StyleLoss);
        var gradients = ofMeans ? autograd.grad([weighted], [products, sums]) : autograd.grad([weighted], [products]);
        using var _ = no_grad();
        var both = (gradients[0] + gradients[0].t()).contiguous(); // F·Fᵀ depends on F twice
        return (loss.detach().MoveToOuterDisposeScope(), new StyleGradient(both.MoveToOuterDisposeScope(),
            ofMeans ? gradients[1].MoveToOuterDisposeScope() : null, term.Mask));
    }

    private static void Add(StyleGradient style, Tensor features, Tensor gradient)
    {
        using var scope = NewDisposeScope();
        var channels = features.shape[3];
        var (from, to) = (features.view(-1, channels), gradient.view(-1, channels)); // M×C
        if (style.Mask is null)
        {
            to.addmm_(from, style.Products, 1, 1);
            if (style.Sums is { } sums) to.add_(sums);
            return;
        }
        var whole = style.Sums is { } added ? from.mm(style.Products).add_(added) : from.mm(style.Products);
        to.addcmul_(whole, style.Mask.view(-1, 1), 1);
    }
}
