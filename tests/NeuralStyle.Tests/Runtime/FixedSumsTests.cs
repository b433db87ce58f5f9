using NeuralStyle.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Tests.Runtime;

/// <summary>Sums that are the same on any number of threads.</summary>
public sealed class FixedSumsTests
{
    public static TheoryData<long> Lengths { get; } = [0, 1, 7, 16_383, 16_384, 16_385, 40_000, 300_001];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void A_sum_is_that_of_exact_arithmetic_whatever_the_threads(long length)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var values = randn(length, generator: generator);
        var exact = values.to(ScalarType.Float64).sum().ToDouble();
        var sums = OnThreads(() => FixedSums.Sum(values).ToSingle());
        Assert.InRange(Math.Abs(sums[0] - exact), 0, 1e-3);
        Assert.All(sums, sum => Assert.Equal(BitConverter.SingleToInt32Bits(sums[0]), BitConverter.SingleToInt32Bits(sum)));
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void A_product_is_that_of_exact_arithmetic_whatever_the_threads(ScalarType type)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(2);
        foreach (var length in Lengths.Select(row => row.Data))
        {
            var (a, b) = (randn(length, type, generator: generator), randn(length, type, generator: generator));
            var exact = (a.to(ScalarType.Float64) * b.to(ScalarType.Float64)).sum().ToDouble();
            var products = OnThreads(() => FixedSums.Dot(a, b).ToDouble());
            Assert.InRange(Math.Abs(products[0] - exact), 0, 1e-3);
            Assert.All(products, product => Assert.Equal(products[0], product));
        }
    }

    [Fact]
    public void A_sum_has_the_derivative_one_everywhere()
    {
        using var scope = NewDisposeScope();
        var values = randn(3, 100, 150).requires_grad_();
        var slope = autograd.grad([FixedSums.Sum(values) * 2], [values])[0];
        Assert.True(slope.eq(2).all().item<bool>());
        Assert.Equal(values.shape, slope.shape);
    }

    private static T[] OnThreads<T>(Func<T> of)
    {
        var before = get_num_threads();
        try
        {
            return [.. new[] { 1, 2, 3, 7 }.Select(threads =>
            {
                set_num_threads(threads);
                return of();
            })];
        }
        finally
        {
            set_num_threads(before);
        }
    }
}
