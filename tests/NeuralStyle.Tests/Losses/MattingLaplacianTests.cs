using NeuralStyle.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Tests.Losses;

/// <summary>The photorealism loss, compared with a matting Laplacian that is built entry by entry.</summary>
public sealed class MattingLaplacianTests
{
    private const double Epsilon = 1e-4;

    [Theory]
    [InlineData(7, 5)]
    [InlineData(3, 3)]
    [InlineData(3, 9)]
    public void Loss_and_gradient_are_those_of_the_matrix(int width, int height)
    {
        using var scope = NewDisposeScope();
        var (content, image) = (Picture(width, height, 1), Picture(width, height, 2));
        var matrix = Matrix(content.data<double>().ToArray(), width, height);
        var pixels = image.view(3, -1); // 3×N
        var product = pixels.mm(matrix);
        var gradient = Picture(width, height, 3);
        var expected = gradient + (product * (2 * 5.0 / image.numel())).view(image.shape);

        using var laplacian = new MattingLaplacian(content);
        var value = laplacian.AddGradient(image, gradient, 5);
        Assert.Equal(((pixels * product).sum() / image.numel()).ToDouble(), value.ToDouble(), 1e-12);
        Assert.InRange((gradient - expected).abs().max().ToDouble(), 0, 1e-12);
    }

    [Fact]
    public void Strips_add_up_to_the_whole_and_float32_is_near_float64()
    {
        using var scope = NewDisposeScope();
        var (content, image) = (Picture(301, 700, 1), Picture(301, 700, 2)); // four strips
        var (wide, narrow) = (zeros_like(image), zeros_like(image).to(ScalarType.Float32));
        using var exact = new MattingLaplacian(content);
        using var single = new MattingLaplacian(content.to(ScalarType.Float32));
        var value = exact.AddGradient(image, wide, 1).ToDouble();
        Assert.InRange(single.AddGradient(image.to(ScalarType.Float32), narrow, 1).ToDouble() / value, 1 - 1e-4, 1 + 1e-4);
        Assert.InRange(((narrow.to(ScalarType.Float64) - wide).norm() / wide.norm()).ToDouble(), 0, 1e-3);

        // the gradient of a quadratic form is linear, and its product with the picture twice the loss
        Assert.Equal(2 * value, (wide * image).sum().ToDouble(), 1e-9);
    }

    [Fact]
    public void Colours_that_are_an_affine_function_of_the_photographs_cost_nearly_nothing_and_new_lines_much()
    {
        using var scope = NewDisposeScope();
        var content = Picture(48, 32, 1);
        var turned = einsum("ij,njhw->nihw", tensor(new[] { 0.2, 0.5, 0.1, 0.7, -0.1, 0.2, 0.1, 0.1, 0.4 }, [3, 3]), content) + 0.1;
        var lined = turned.clone();
        lined.select(3, 20).add_(0.3);
        using var laplacian = new MattingLaplacian(content);
        var (affine, line) = (laplacian.AddGradient(turned, zeros_like(content), 1).ToDouble(),
            laplacian.AddGradient(lined, zeros_like(content), 1).ToDouble());
        Assert.InRange(affine, 0, 2e-4);
        Assert.InRange(line, 50 * affine, 1);
    }

    [Theory]
    [InlineData(2, 9)]
    [InlineData(9, 1)]
    public void Pictures_without_a_window_cost_nothing(int width, int height)
    {
        using var scope = NewDisposeScope();
        var gradient = zeros(1, 3, height, width, ScalarType.Float64);
        using var laplacian = new MattingLaplacian(Picture(width, height, 1));
        Assert.Equal(0, laplacian.AddGradient(Picture(width, height, 2), gradient, 1).ToDouble());
        Assert.Equal(0, gradient.abs().sum().ToDouble());
    }

    [Fact]
    public void Areas_of_one_colour_give_finite_values()
    {
        using var scope = NewDisposeScope();
        var content = full([1, 3, 12, 9], 0.5f, ScalarType.Float32);
        var gradient = zeros_like(content);
        using var laplacian = new MattingLaplacian(content);
        Assert.True(double.IsFinite(laplacian.AddGradient(Picture(9, 12, 2).to(ScalarType.Float32), gradient, 1).ToDouble()));
        Assert.True(isfinite(gradient).all().ToBoolean());
    }

    /// <summary>Levin, Lischinski and Weiss 2006, equation 12.</summary>
    private static Tensor Matrix(double[] colours, int width, int height)
    {
        var matrix = zeros([width * height, width * height], ScalarType.Float64);
        for (var top = 0; top + 3 <= height; top++)
        {
            for (var left = 0; left + 3 <= width; left++)
            {
                var places = Enumerable.Range(0, 9).Select(k => (top + k / 3) * width + left + k % 3).ToArray();
                var window = tensor(places.SelectMany(at => Enumerable.Range(0, 3).Select(c => colours[c * width * height + at])).ToArray(),
                    [9, 3]);
                var centred = window - window.sum(0L) / 9;
                var covariance = centred.t().mm(centred) / 9 + eye(3, dtype: ScalarType.Float64) * (Epsilon / 9);
                var share = eye(9, dtype: ScalarType.Float64) - (1 + centred.mm(linalg.inv(covariance)).mm(centred.t())) / 9;
                for (var i = 0; i < 9; i++)
                    for (var j = 0; j < 9; j++) matrix[places[i], places[j]] += share[i, j];
            }
        }
        return matrix;
    }

    private static Tensor Picture(int width, int height, int seed)
    {
        using var generator = new Generator((ulong)seed);
        return rand([1, 3, height, width], ScalarType.Float64, generator: generator);
    }
}
