using NeuralStyle.Losses;
using NeuralStyle.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Evaluation;

/// <summary>
/// The derivative of one weighted style loss with respect to the activations F of its layer, an M×C matrix:
/// <c>mask · (F·Products + Sums)</c>. The loss depends on F only through Σ f and Σ f·fᵀ, so automatic differentiation goes from the loss to
/// these sums, and one matrix product from there to the activations, of the whole layer or of a tile.
/// </summary>
/// <param name="Products">C×C, symmetric.</param>
/// <param name="Sums">C values; null for losses that do not use the means.</param>
internal sealed record StyleSlope(Tensor Products, Tensor? Sums)
{
    /// <summary>The losses of all terms and their slopes; on the CPU the decompositions of several layers run side by side.</summary>
    /// <param name="gathered">For each term Σ f, Σ f·fᵀ and the number of positions, as in <see cref="Of"/>.</param>
    /// <returns>In the order of the terms; in the caller's dispose scope.</returns>
    public static IReadOnlyList<(Tensor Loss, StyleSlope Slope)> OfAll(
        IReadOnlyList<(StyleTerm Term, Tensor Sums, Tensor Products, double Positions)> gathered)
    {
        if (gathered.Count == 0 || gathered[0].Sums.device_type != DeviceType.CPU)
            return gathered.Select(of => Of(of.Term, of.Sums, of.Products, of.Positions)).ToArray();
        using var phase = RunProfile.Of("style loss");
        // made here, so that every tensor belongs to a scope of the thread that disposes of it
        var results = gathered.Select(of => (Loss: zeros([], of.Sums.dtype), Slope: new StyleSlope(zeros_like(of.Products),
            StyleLoss.UsesMeans(of.Term.Kind) ? zeros_like(of.Sums) : null))).ToArray();
        var order = Enumerable.Range(0, gathered.Count).OrderByDescending(i => gathered[i].Sums.shape[0]).ToArray();
        TorchParallel.For(gathered.Count, i =>
        {
            using var scope = NewDisposeScope();
            using var _ = no_grad();
            var (term, sums, products, positions) = gathered[order[i]];
            var (loss, slope) = Of(term, sums, products, positions);
            var result = results[order[i]];
            result.Loss.copy_(loss);
            result.Slope.Products.copy_(slope.Products);
            result.Slope.Sums?.copy_(slope.Sums!);
        });
        return results;
    }

    /// <summary>Adds the derivative, without the mask, to a gradient.</summary>
    /// <param name="gradient">M×C, contiguous.</param>
    /// <param name="positions">F, M×C.</param>
    public void AddTo(Tensor gradient, Tensor positions)
    {
        if (PositionProducts.CanRun(positions))
        {
            PositionProducts.AddProduct(gradient, positions, Products, Sums);
            return;
        }
        gradient.addmm_(positions, Products, 1, 1);
        if (Sums is not null) gradient.add_(Sums);
    }

    /// <summary>The derivative, without the mask, at these positions.</summary>
    /// <param name="positions">F, M×C.</param>
    public Tensor At(Tensor positions)
    {
        var result = zeros_like(positions);
        AddTo(result, positions);
        return result;
    }

    /// <summary>The loss of a term and its slope.</summary>
    /// <param name="term">Definition, target and weight.</param>
    /// <param name="sums">Σ f over positions, C values.</param>
    /// <param name="products">Σ f·fᵀ over positions, C×C.</param>
    /// <param name="positions">Number of positions of the layer, for terms without a mask.</param>
    /// <returns>The loss before weighting, a scalar, and the slope of the weighted one; in the caller's dispose scope.</returns>
    public static (Tensor Loss, StyleSlope Slope) Of(StyleTerm term, Tensor sums, Tensor products, double positions)
    {
        using var scope = NewDisposeScope();
        var count = term.Mask?.Sum ?? positions;
        if (term.Kind == StyleLossKind.RelativeW2 && sums.device_type == DeviceType.CPU)
        {
            using var closed = no_grad();
            var (distance, ofSum, ofProducts) = Wasserstein.RelativeWithSlopes(sums, products, count, term.Target);
            var twice = (ofProducts + ofProducts.t()).mul_(term.Weight);
            return (distance.MoveToOuterDisposeScope(),
                new StyleSlope(twice.MoveToOuterDisposeScope(), ofSum.mul_(term.Weight).MoveToOuterDisposeScope()));
        }
        using var _ = enable_grad();
        var (sum, product) = (sums.detach().requires_grad_(), products.detach().requires_grad_());
        var loss = StyleLoss.Of(term.Kind, LayerStatistics.FromSums(sum, product, count), term.Target);
        var seesMeans = StyleLoss.UsesMeans(term.Kind);
        var gradients = autograd.grad([loss * term.Weight], seesMeans ? [product, sum] : [product]);
        using var frozen = no_grad();
        var both = (gradients[0] + gradients[0].t()).contiguous(); // F·Fᵀ depends on F twice
        return (loss.detach().MoveToOuterDisposeScope(),
            new StyleSlope(both.MoveToOuterDisposeScope(), seesMeans ? gradients[1].MoveToOuterDisposeScope() : null));
    }
}
