using NeuralStyle.Runtime;
using static TorchSharp.torch;

namespace NeuralStyle.Losses;

/// <summary>
/// The loss of positions that are pulled to fixed targets: <c>Σ w·(1 − cos(f − c, t))</c>, with the activations f of a position, the
/// mean c of the style and the centred activations t of the style that were found for the position (Kolkin et al. 2022, "Neural Neighbor
/// Style Transfer", equation 2; there between hypercolumns, here for each layer by itself). A sum over positions, so that it can be
/// gathered in tiles. Of several targets of a position only the sum of their weighted unit vectors counts.
/// </summary>
internal static class CosinePull
{
    // of the squared norm, against a root of 0 where a position is exactly the mean
    private const double Tiny = 1e-8;

    /// <summary>The loss, differentiable in <paramref name="positions"/>.</summary>
    /// <param name="positions">M×C activations.</param>
    /// <param name="targets">M×C: for each position the sum of its targets, unit vectors times their weights.</param>
    /// <param name="centre">C values.</param>
    /// <param name="weights">The sum of all weights.</param>
    /// <returns>A scalar, from 0 to twice the sum of the weights.</returns>
    public static Tensor Of(Tensor positions, Tensor targets, Tensor centre, double weights)
    {
        var centred = positions - centre;
        var norms = (centred.square().sum(1, keepdim: true) + Tiny).sqrt();
        return weights - FixedSums.Sum((centred * targets).div(norms));
    }

    /// <summary>The loss and its derivative: <c>((u·t)·u − t) / |f − c|</c> with the unit vector u of f − c and the sum t.</summary>
    /// <returns>A scalar and M×C.</returns>
    public static (Tensor Loss, Tensor Slope) WithSlope(Tensor positions, Tensor targets, Tensor centre, double weights)
    {
        var unit = positions - centre;
        using var inverse = unit.square().sum(1, keepdim: true).add_(Tiny).rsqrt_(); // M×1
        unit.mul_(inverse);
        using var cosines = (unit * targets).sum(1, keepdim: true); // M×1
        var loss = weights - FixedSums.Sum(cosines);
        return (loss, unit.mul_(cosines).sub_(targets).mul_(inverse));
    }
}
