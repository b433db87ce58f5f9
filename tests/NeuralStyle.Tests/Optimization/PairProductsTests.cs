using NeuralStyle.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Tests.Optimization;

/// <summary>The loops of L-BFGS on the CPU against the same by libtorch's operators, and against the recursion vector by vector.</summary>
public sealed class PairProductsTests
{
    private const int Length = 40_003; // three shares, the last with a rest that fills no vector

    [Theory]
    [InlineData(1, 0)]
    [InlineData(4, 0)]
    [InlineData(6, 3)]
    public void The_direction_is_that_of_the_two_loop_recursion(int count, int dropped)
    {
        using var scope = NewDisposeScope();
        List<(Tensor S, Tensor Y)> pairs = [];
        var products = new PairProducts();
        for (var i = 0; i < count + dropped; i++)
        {
            var s = Packed(10 + i);
            var y = (s.to(ScalarType.Float32) * 2 + Random(50 + i) * 0.5).to(ScalarType.BFloat16);
            products.Add(PairProducts.Of(s, y, pairs));
            pairs.Add((s, y));
        }
        for (var i = 0; i < dropped; i++)
        {
            products.DropFirst();
            pairs.RemoveAt(0);
        }
        var q = Random(1);
        var expected = TwoLoops(q.to(ScalarType.Float64), pairs);
        products.Turn(q, PairProducts.Of(q, pairs), pairs);
        Assert.Equal(count, products.Count);
        Assert.InRange(((q.to(ScalarType.Float64) - expected).norm() / expected.norm()).ToDouble(), 0, 1e-5);
    }

    [Fact]
    public void A_new_pair_knows_its_own_products()
    {
        using var scope = NewDisposeScope();
        var (s, y) = (Packed(1), Packed(2));
        var pair = PairProducts.Of(s, y, [(Packed(3), Packed(4))]);
        (s, y) = (s.to(ScalarType.Float32), y.to(ScalarType.Float32));
        Assert.Equal((s * y).sum(float64).ToDouble(), pair.Curvature, 1e-2);
        Assert.Equal(s.square().sum(float64).ToDouble(), pair.SquareOfS, 1e-2);
        Assert.Equal(y.square().sum(float64).ToDouble(), pair.SquareOfY, 1e-2);
    }

    [Fact]
    public void Bounds_are_kept_as_by_libtorchs_operators()
    {
        using var scope = NewDisposeScope();
        var at = (Random(5) * 0.6 + 0.5).clamp_(0, 1); // a third at each bound
        var (direction, gradient) = (Random(6), Random(7));
        var leaves = at.le(0).logical_and_(direction.lt(0)).logical_or_(at.ge(1).logical_and_(direction.gt(0)));
        Assert.InRange(leaves.sum().ToInt64(), Length / 10, Length / 2);
        var closed = direction.masked_fill(leaves, 0);
        Assert.Equal((closed * gradient).sum(float64).ToDouble(), PictureLoops.Slope(at, direction, gradient, 0, 1), 1e-2);
        Assert.Equal(0, ((at + direction * 0.3).clamp(0, 1) - PictureLoops.Moved(at, direction, 0.3, 0, 1)).abs().max().ToDouble(), 1e-6);
        Assert.Equal((closed * gradient).sum(float64).ToDouble(), PictureLoops.Close(at, direction, gradient, 0, 1), 1e-2);
        Assert.Equal(closed, direction);
        var down = -gradient;
        Assert.Equal(
            down.masked_fill(at.le(0).logical_and_(down.lt(0)).logical_or_(at.ge(1).logical_and_(down.gt(0))), 0),
            PictureLoops.Downhill(at, gradient, 0, 1));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(double.NegativeInfinity, double.PositiveInfinity)]
    public void A_step_is_that_of_libtorchs_operators(double low, double high)
    {
        using var scope = NewDisposeScope();
        var (at, direction, before, after) = (Random(5).clamp_(low, high), Random(6), Random(7), Random(8));
        var (moved, change) = (PictureLoops.Moved(at, direction, 0.3, low, high), after - before);
        var step = moved - at;
        var (s, y) = PairLoops.Advance(at, direction, 0.3, before, after, low, high);
        Assert.Equal(moved, at);
        Assert.Equal(step.to(ScalarType.BFloat16), s);
        Assert.Equal(change.to(ScalarType.BFloat16), y);
    }

    [Fact]
    public void Products_are_the_same_to_the_bit_however_many_are_computed_at_once()
    {
        using var scope = NewDisposeScope();
        Tensor[] first = [Packed(1), Packed(2), Random(3)], second = [.. Enumerable.Range(6, 3).Select(Packed)];
        var rows = PairLoops.Dots(first, second);
        Assert.Equal(3, rows.Length);
        for (var i = 0; i < first.Length; i++)
        {
            Assert.Equal(PairLoops.Dots([first[i]], second)[0], rows[i]);
            Assert.Equal((first[i].to(ScalarType.Float64) * second[2].to(ScalarType.Float64)).sum().ToDouble(), rows[i][2], 1e-2);
        }
    }

    [Fact]
    public void A_sum_of_many_is_that_of_libtorchs_operators()
    {
        using var scope = NewDisposeScope();
        var sum = Random(1);
        Tensor[] others = [.. Enumerable.Range(2, 7).Select(Packed)]; // four at once, and three alone
        double[] factors = [0.5, -1, 2, 0.25, -3, 1, 0.125];
        var expected = sum * 0.75;
        foreach (var (other, factor) in others.Zip(factors)) expected += other.to(ScalarType.Float32) * factor;
        PairLoops.Combine(sum, 0.75, others, factors);
        Assert.InRange((sum - expected).abs().max().ToDouble(), 0, 1e-5);
    }

    [Fact]
    public void No_number_of_threads_changes_a_bit()
    {
        using var scope = NewDisposeScope();
        var before = get_num_threads();
        try
        {
            var results = ((int[])[1, 2, 5]).Select(threads =>
            {
                set_num_threads(threads);
                var products = new PairProducts();
                var pair = (Packed(1), Packed(2));
                products.Add(PairProducts.Of(pair.Item1, pair.Item2, []));
                var q = Random(3);
                products.Turn(q, PairProducts.Of(q, [pair]), [pair]);
                return (Convert.ToHexString(q.bytes), PictureLoops.Slope(q, Random(1), Random(2), 0, 1));
            }).ToArray();
            Assert.All(results, result => Assert.Equal(results[0], result));
        }
        finally
        {
            set_num_threads(before);
        }
    }

    private static Tensor Random(ulong seed)
    {
        using var generator = new Generator(seed);
        return randn([Length], generator: generator);
    }

    private static Tensor Random(int seed) => Random((ulong)seed);

    private static Tensor Packed(int seed)
    {
        using var values = Random(seed);
        return values.to(ScalarType.BFloat16);
    }

    private static Tensor TwoLoops(Tensor q, List<(Tensor S, Tensor Y)> pairs)
    {
        var wide = pairs.Select(pair => (S: pair.S.to(ScalarType.Float64), Y: pair.Y.to(ScalarType.Float64))).ToArray();
        var alphas = new double[wide.Length];
        for (var i = wide.Length - 1; i >= 0; i--)
        {
            alphas[i] = wide[i].S.dot(q).ToDouble() / wide[i].S.dot(wide[i].Y).ToDouble();
            q = q - wide[i].Y * alphas[i];
        }
        q = q * (wide[^1].S.dot(wide[^1].Y) / wide[^1].Y.dot(wide[^1].Y));
        for (var i = 0; i < wide.Length; i++)
            q = q + wide[i].S * (alphas[i] - wide[i].Y.dot(q).ToDouble() / wide[i].S.dot(wide[i].Y).ToDouble());
        return q;
    }
}
