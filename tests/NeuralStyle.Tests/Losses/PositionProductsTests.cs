using NeuralStyle.Losses;
using NeuralStyle.Runtime.Lanes;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Tests.Losses;

/// <summary>Sums over positions and products with them, against libtorch in float64.</summary>
public sealed class PositionProductsTests
{
    public static MatrixTheoryData<int, int, int> Shapes { get; } = new([12, 13, 127, 1100, 9000], [32, 64, 96, 160, 288], [128, 256, 512]);

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Sums_are_those_of_float64(int count, int channels, int bits)
    {
        using var scope = NewDisposeScope();
        var (positions, vectors) = (Positions(count, channels), Vectors(bits));
        var (sum, products) = PositionProducts.Sums(positions, vectors);
        var exact = positions.to(ScalarType.Float64);
        Near(exact.sum(0L), sum);
        Near(exact.t().mm(exact), products);
        Assert.True(products.equal(products.t()).all().item<bool>(), "the sums are not symmetric");
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Products_are_added_to_each_position(int count, int channels, int bits)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        var (positions, vectors) = (Positions(count, channels), Vectors(bits));
        var (before, matrix, sums) = (randn([count, channels], generator: generator), randn([channels, channels], generator: generator),
            randn([channels], generator: generator));
        foreach (var added in new[] { sums, null })
        {
            var gradient = before.clone();
            PositionProducts.AddProduct(gradient, positions, matrix.t(), added, vectors);
            var exact = before.to(ScalarType.Float64) + positions.to(ScalarType.Float64).mm(matrix.t().to(ScalarType.Float64));
            Near(added is null ? exact : exact + added.to(ScalarType.Float64), gradient);
        }
    }

    [Fact]
    public void Numbers_of_threads_and_widths_of_vectors_change_no_bit()
    {
        using var scope = NewDisposeScope();
        var threads = get_num_threads();
        List<Tensor> results = [];
        try
        {
            foreach (var vectors in VectorWidths.Supported)
            {
                foreach (var many in new[] { 1, 2, 3, 7 })
                {
                    set_num_threads(many);
                    var positions = Positions(1100, 96);
                    var (sum, products) = PositionProducts.Sums(positions, vectors);
                    PositionProducts.AddProduct(positions, positions.clone(), products, sum, vectors);
                    results.Add(cat([sum, products.view(-1), positions.view(-1)]));
                }
            }
        }
        finally
        {
            set_num_threads(threads);
        }
        Assert.All(results, result => Assert.True(result.equal(results[0]).all().item<bool>(), "the bits differ"));
    }

    [Fact]
    public void Other_positions_are_left_to_libtorch()
    {
        using var scope = NewDisposeScope();
        Assert.False(PositionProducts.CanRun(zeros(100, 48)), "48 channels");
        Assert.False(PositionProducts.CanRun(zeros(11, 32)), "eleven positions");
        Assert.False(PositionProducts.CanRun(zeros(32, 100).t()), "positions side by side");
        Assert.False(PositionProducts.CanRun(zeros([100, 32], ScalarType.Float64)), "float64");
    }

    private static Tensor Positions(int count, int channels)
    {
        using var generator = new Generator((ulong)(count + channels));
        return randn([count, channels], generator: generator).add_(0.5).relu_(); // as activations are
    }

    private static VectorWidth Vectors(int bits)
    {
        Assert.SkipUnless(VectorWidths.Supported.Contains((VectorWidth)bits), "no such vectors here");
        return (VectorWidth)bits;
    }

    private static void Near(Tensor expected, Tensor actual) =>
        Assert.InRange(((actual.to(ScalarType.Float64) - expected).norm() / expected.norm()).ToDouble(), 0, 1e-6);
}
