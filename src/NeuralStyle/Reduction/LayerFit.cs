using NeuralStyle.Vgg;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Reduction;

/// <summary>The input of one layer for some pictures, in the teacher and in the reduced network, both padded by one pixel.</summary>
/// <param name="Teacher">N×T×(H+2)×(W+2).</param>
/// <param name="Reduced">N×I×(H+2)×(W+2).</param>
internal readonly record struct LayerInput(Tensor Teacher, Tensor Reduced);

/// <summary>
/// Fits one reduced layer: from the reduced activations below, it must compute what the teacher computes from its own.
/// It uses two ridge regressions. The first guesses all channels of the teacher below from the reduced ones, position by position; put
/// before the teacher's kernel it gives a kernel that follows from the teacher alone. The second fits 3×3 patches of reduced
/// activations to the teacher's values before the ReLU, and is pulled towards that kernel where pictures give little information.
/// </summary>
/// <param name="kernel">N×T×3×3: the teacher's kernel for the chosen channels.</param>
/// <param name="bias">N.</param>
/// <param name="inputs">Number of reduced channels below, I.</param>
internal sealed class LayerFit(Tensor kernel, Tensor bias, int inputs)
{
    /// <summary>Pull of the guess of missing channels towards zero; only keeps the equations regular.</summary>
    private const double GuessRidge = 1e-3;

    /// <summary>Fits.</summary>
    /// <param name="batches">The inputs of the layer, in batches. Each batch is disposed of after use.</param>
    /// <param name="ridge">See <see cref="ReductionSettings.Ridge"/>.</param>
    /// <returns>(9·I+1)×N float64: kernels as columns, the bias in the last row. The caller owns it.</returns>
    public Tensor Solve(IEnumerable<LayerInput> batches, double ridge)
    {
        using var guess = new NormalEquations(inputs + 1, (int)kernel.shape[1]);
        using var patches = new NormalEquations(9 * inputs + 1, (int)bias.shape[0]);
        foreach (var batch in batches)
        {
            using var scope = NewDisposeScope();
            guess.Add(WithOnes(Positions(batch.Reduced)), Positions(batch.Teacher));
            patches.Add(Patches(batch.Reduced), Targets(batch.Teacher));
        }
        using var prior = Prior(guess);
        return patches.Solve(ridge, prior);
    }

    /// <summary>How far a solution is from the teacher after the ReLU.</summary>
    /// <returns>Σ(r−t)²/Σt².</returns>
    public double RelativeError(Tensor solution, IEnumerable<LayerInput> batches)
    {
        var (error, energy) = (0.0, 0.0);
        using var weights = solution.t().to(float32);
        foreach (var batch in batches)
        {
            using var scope = NewDisposeScope();
            var target = Targets(batch.Teacher).relu();
            error += (weights.mm(Patches(batch.Reduced)).relu() - target).square().sum(float64).item<double>();
            energy += target.square().sum(float64).item<double>();
        }
        return error / Math.Max(energy, double.Epsilon);
    }

    /// <summary>The teacher's kernel applied to its channels as guessed from the reduced ones, (9·I+1)×N.</summary>
    private Tensor Prior(NormalEquations guess)
    {
        using var scope = NewDisposeScope();
        var linear = guess.Solve(GuessRidge); // (I+1)×T
        var exact = kernel.to(float64);
        var kernels = einsum("it,ntyx->niyx", linear.narrow(0, 0, inputs), exact).flatten(1); // N×(9·I)
        var biases = bias.to(float64) + einsum("t,ntyx->n", linear[inputs], exact);
        return cat([kernels.t(), biases.unsqueeze(0)]).MoveToOuterDisposeScope();
    }

    /// <summary>The teacher's values before the ReLU, N×P.</summary>
    private Tensor Targets(Tensor input) => nn.functional.conv2d(input, kernel, bias).transpose(0, 1).flatten(1);

    /// <summary>3×3 patches as columns, (9·I+1)×P.</summary>
    private static Tensor Patches(Tensor padded) => WithOnes(nn.functional.unfold(padded, 3).transpose(0, 1).flatten(1));

    /// <summary>Channels at each position, C×P.</summary>
    private static Tensor Positions(Tensor padded) => padded.transpose(0, 1).flatten(1);

    private static Tensor WithOnes(Tensor rows) => cat([rows, ones(1, rows.shape[1])]);
}
