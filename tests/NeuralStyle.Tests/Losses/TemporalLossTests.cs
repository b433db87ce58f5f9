using NeuralStyle.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Tests.Losses;

/// <summary>The temporal loss against values worked out by hand and finite differences.</summary>
public sealed class TemporalLossTests
{
    [Fact]
    public void It_is_the_mean_squared_difference_where_the_frame_before_shows_the_pixel()
    {
        using var scope = NewDisposeScope();
        var (image, warped) = (tensor(new[] { 1.0, 0.5, 0, 0.25 }, [1, 1, 2, 2]), zeros(1, 1, 2, 2, ScalarType.Float64));
        var seen = tensor(new[] { 0.0, 1, 1, 1 }, [1, 1, 2, 2]);
        Assert.Equal((0.25 + 0.0625) / 4, TemporalLoss.Of(image, warped, seen).ToDouble(), 12);
    }

    [Fact]
    public void Its_gradient_matches_finite_differences_and_is_0_where_nothing_is_seen()
    {
        using var scope = NewDisposeScope();
        var (image, warped) = (TinyNetworks.Picture(7, 5, 1, ScalarType.Float64), TinyNetworks.Picture(7, 5, 2, ScalarType.Float64));
        var seen = TinyNetworks.Picture(7, 5, 3, ScalarType.Float64).narrow(1, 0, 1).gt(0.5).to(ScalarType.Float64);
        var gradient = ones_like(image); // of other terms
        var value = TemporalLoss.AddGradient(image, warped, seen, gradient, weight: 3);
        Assert.Equal(TemporalLoss.Of(image, warped, seen).ToDouble(), value.ToDouble(), 12);
        const double step = 1e-5;
        for (var i = 0; i < image.numel(); i++)
        {
            double At(double by)
            {
                using var moved = image.clone();
                moved.view(-1)[i].add_(by);
                return 3 * TemporalLoss.Of(moved, warped, seen).ToDouble();
            }
            Assert.Equal((At(step) - At(-step)) / (2 * step), gradient.view(-1)[i].ToDouble() - 1, 8);
        }
        Assert.Equal(0, ((gradient - 1) * (1 - seen)).abs().max().ToDouble());
    }
}
