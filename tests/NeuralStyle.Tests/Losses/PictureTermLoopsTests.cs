using NeuralStyle.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Tests.Losses;

/// <summary>The loops of our own for total variation and content losses give what libtorch's operators give in float64.</summary>
public sealed class PictureTermLoopsTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Total_variation_of_every_small_size()
    {
        foreach (var (height, width) in from height in (int[])[1, 2, 3, 7] from width in Enumerable.Range(1, 40) select (height, width))
            CheckVariation(height, width);
    }

    [Theory]
    [InlineData(300, 200)]
    [InlineData(3, 20_000)]
    [InlineData(20_000, 3)]
    public void Total_variation_of_large_pictures(int height, int width) => CheckVariation(height, width);

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(64)]
    [InlineData(100_003)]
    public void Squared_differences_and_their_slopes(int count)
    {
        manual_seed(count);
        var (a, b, gradient) = (randn(count), randn(count), randn(count));
        Assert.True(DifferenceLoops.Take(a, b));
        var expected = (a.to(ScalarType.Float64) - b.to(ScalarType.Float64)).square().sum().item<double>();
        Assert.Equal(1, DifferenceLoops.Squares(a, b) / expected, 1e-5);
        var slopes = gradient.to(ScalarType.Float64) + 0.3 * (a.to(ScalarType.Float64) - b.to(ScalarType.Float64));
        DifferenceLoops.AddTo(gradient, a, b, 0.3);
        Assert.InRange((gradient.to(ScalarType.Float64) - slopes).abs().max().item<double>(), 0, 1e-6);
    }

    [Fact]
    public void Tensors_in_different_orders_of_memory_are_left_to_libtorch()
    {
        var features = randn(1, 5, 6, 8); // h, w, C
        var target = randn(1, 8, 5, 6).permute(0, 2, 3, 1);
        Assert.False(DifferenceLoops.Take(features, target));
        Assert.Equal((features - target).square().sum().item<float>(), ContentLoss.SquaredDifference(features, target).item<float>(), 1e-2);
        var gradient = zeros_like(features);
        ContentLoss.AddSlope(gradient, features, target, 2);
        Assert.True(gradient.allclose((features - target) * 2));
    }

    [Fact]
    public void The_number_of_threads_changes_no_bit()
    {
        var before = get_num_threads();
        try
        {
            var results = new[] { 1, 2, 5 }.Select(threads =>
            {
                set_num_threads(threads);
                manual_seed(1);
                var (image, gradient) = (rand(1, 3, 190, 210), randn(1, 3, 190, 210));
                var variation = VariationLoops.AddGradient(image, gradient, 0.7);
                DifferenceLoops.AddTo(gradient, image, rand_like(image), 0.2);
                var squares = DifferenceLoops.Squares(image, gradient);
                return (double[])[variation, squares, .. gradient.data<float>().Select(value => (double)value)];
            }).ToArray();
            Assert.All(results, result => Assert.Equal(results[0], result));
        }
        finally
        {
            set_num_threads(before);
        }
    }

    private static void CheckVariation(int height, int width)
    {
        using var scope = NewDisposeScope();
        manual_seed(height * 1000 + width);
        var (image, gradient) = (rand(1, 3, height, width), randn(1, 3, height, width));
        var (wide, expected) = (image.to(ScalarType.Float64), gradient.to(ScalarType.Float64));
        Assert.True(VariationLoops.Take(image, gradient));
        Assert.False(VariationLoops.Take(wide, expected));
        var loss = TotalVariation.AddGradient(wide, expected, 50).item<double>();
        Assert.Equal(loss, TotalVariation.Squared(wide).item<double>(), 1e-12);
        Assert.Equal(loss, TotalVariation.AddGradient(image, gradient, 50).ToDouble(), 1e-5 * Math.Max(loss, 1e-3));
        var largest = (gradient.to(ScalarType.Float64) - expected).abs().max().item<double>();
        Assert.True(largest < 1e-5, $"{height}x{width}: {largest}");
    }
}
