using NeuralStyle.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Tests.Losses;

public sealed class WassersteinTests
{
    [Theory]
    [InlineData(false, ScalarType.Float64, 1e-12)]
    [InlineData(false, ScalarType.Float32, 1e-6)]
    [InlineData(true, ScalarType.Float64, 1e-9)]
    [InlineData(true, ScalarType.Float32, 1e-6)]
    public void Root_times_itself_is_the_matrix_and_times_the_half_inverse_half_the_identity(bool iterated, ScalarType dtype,
        double tolerance)
    {
        using var scope = NewDisposeScope();
        var a = Covariance(24, 1).to(dtype);
        var (root, halfInverse) = iterated ? MatrixSquareRoot.Iterated(a) : MatrixSquareRoot.Exact(a);
        Assert.InRange(((root.mm(root) - a).norm() / a.norm()).ToDouble(), 0, tolerance);
        Assert.InRange((root.mm(halfInverse) * 2 - eye(24, dtype: dtype)).norm().ToDouble(), 0, 20 * tolerance);
    }

    [Theory]
    [InlineData(1e-4)]
    [InlineData(1e-8)]
    [InlineData(1e-13)]
    public void Iterated_roots_hold_small_eigenvalues(double smallest)
    {
        using var scope = NewDisposeScope();
        var (_, turn) = linalg.eigh(Covariance(48, 3));
        var values = pow(10.0, linspace(Math.Log10(smallest), 0, 48, ScalarType.Float64));
        var a = (turn * values).mm(turn.t());
        var (root, halfInverse) = MatrixSquareRoot.Iterated(a);
        Assert.InRange((root.trace() / values.sqrt().sum() - 1).abs().ToDouble(), 0, 1e-6);
        Assert.InRange((halfInverse.trace() / (0.5 / values.sqrt()).sum() - 1).abs().ToDouble(), 0, 1e-2);
    }

    [Fact]
    public void Trace_of_a_root_and_its_derivative_have_the_closed_form_of_2_by_2()
    {
        // tr A½ = √(tr A + 2·√det A); its derivative with respect to A is (I + adj(A)ᵀ/√det A) / (2·tr A½).
        using var scope = NewDisposeScope();
        var (p, q, r) = (3.0, 0.7, 1.5);
        var a = tensor(new[] { p, q, q, r }, [2, 2]).requires_grad_();
        var trace = MatrixSquareRoot.CrossTrace(a, eye(2, dtype: ScalarType.Float64));
        var determinant = p * r - q * q;
        var expected = Math.Sqrt(p + r + 2 * Math.Sqrt(determinant));
        Assert.Equal(expected, trace.ToDouble(), 1e-9);
        var slope = autograd.grad([trace], [a])[0].data<double>().ToArray();
        var d = Math.Sqrt(determinant);
        double[] wanted = [(1 + r / d) / (2 * expected), -q / d / (2 * expected), -q / d / (2 * expected), (1 + p / d) / (2 * expected)];
        for (var i = 0; i < 4; i++) Assert.Equal(wanted[i], slope[i], 1e-8);
    }

    [Theory]
    [InlineData(StyleLossKind.W2, 1)]
    [InlineData(StyleLossKind.RelativeW2, 4.8)]
    public void Distance_between_axis_aligned_gaussians_is_that_of_means_and_deviations(StyleLossKind kind, double divisor)
    {
        using var scope = NewDisposeScope();
        var made = Statistics([1, 2], [4, 0.25]); // means, variances
        var target = Statistics([0.5, 2], [1, 4.35]); // second moments 1.25 and 8.35: mean 4.8
        var expected = ((0.5 * 0.5 + 0) + (2 - 1) * (2 - 1) + Math.Pow(0.5 - Math.Sqrt(4.35), 2)) / 2;
        Assert.Equal(expected / divisor, StyleLoss.Of(kind, made, target).ToDouble(), 1e-3);
    }

    [Fact]
    public void Distance_is_zero_to_itself_and_grows_with_the_mean()
    {
        using var scope = NewDisposeScope();
        var covariance = Covariance(16, 2);
        LayerStatistics With(double shift)
        {
            var mean = full([16], shift, ScalarType.Float64);
            return new LayerStatistics(mean, covariance + mean.outer(mean));
        }
        Assert.Equal(0, StyleLoss.Of(StyleLossKind.W2, With(0), With(0)).ToDouble(), 1e-7);
        Assert.Equal(0.09, StyleLoss.Of(StyleLossKind.W2, With(0.5), With(0.2)).ToDouble(), 1e-7);
    }

    [Fact]
    public void Covariances_of_lower_rank_give_finite_losses_and_gradients()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var features = rand([1, 64, 3, 4], generator: generator).requires_grad_(); // 12 positions: rank 11 at most of 64
        var loss = StyleLoss.Of(StyleLossKind.W2, LayerStatistics.Of(features), LayerStatistics.Of(zeros(1, 64, 3, 4)));
        var gradient = autograd.grad([loss], [features])[0];
        Assert.True(isfinite(loss).ToBoolean());
        Assert.True(isfinite(gradient).all().ToBoolean());
    }

    [Theory]
    [InlineData(ScalarType.Float64, 60, 1e-9)]
    [InlineData(ScalarType.Float64, 10, 1e-6)] // fewer positions than channels: the covariance is singular but for ε
    [InlineData(ScalarType.Float32, 60, 1e-4)]
    public void Closed_form_of_the_relative_distance_is_what_automatic_differentiation_gives(ScalarType dtype, int positions,
        double tolerance)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(7);
        var features = rand([24, positions], ScalarType.Float64, generator: generator).to(dtype);
        var style = LayerStatistics.Of(rand([1, 24, 9, 8], ScalarType.Float64, generator: generator).square().to(dtype));
        var (sum, products) = (features.sum(1L).requires_grad_(), features.mm(features.t()).requires_grad_());
        var expected = Wasserstein.Relative(LayerStatistics.FromSums(sum, products, positions), style);
        var gradients = autograd.grad([expected], [sum, products]);

        var (distance, ofSum, ofProducts) = Wasserstein.RelativeWithSlopes(sum.detach(), products.detach(), positions, style);
        void Near(Tensor a, Tensor b) => Assert.InRange(((a - b).norm() / b.norm()).ToDouble(), 0, tolerance);
        Near(distance, expected.detach());
        Near(ofSum, gradients[0]);
        Near(ofProducts, gradients[1]);
        style.Dispose();
    }

    private static LayerStatistics Statistics(double[] means, double[] variances)
    {
        var mean = tensor(means);
        return new LayerStatistics(mean, mean.outer(mean) + diag(tensor(variances)));
    }

    private static Tensor Covariance(int size, int seed)
    {
        using var generator = new Generator((ulong)seed);
        var samples = randn([size, 4 * size], ScalarType.Float64, generator: generator);
        return samples.mm(samples.t()) / (4 * size);
    }
}
