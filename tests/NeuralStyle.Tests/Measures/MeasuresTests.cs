using NeuralStyle.Measures;
using NeuralStyle.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Tests.Measures;

/// <summary>Figures of pictures that no run minimises.</summary>
public sealed class MeasuresTests
{
    [Fact]
    public void Structural_similarity_is_that_of_a_loop_over_windows()
    {
        using var scope = NewDisposeScope();
        var (first, second) = (Picture(15, 13, 1), Picture(15, 13, 2));
        var (x, y) = (Luma(first), Luma(second));
        var window = new double[11];
        for (var i = 0; i < 11; i++) window[i] = Math.Exp(-(i - 5) * (i - 5) / 4.5);
        var sum = window.Sum();
        var total = 0.0;
        for (var top = 0; top < 3; top++)
        {
            for (var left = 0; left < 5; left++)
            {
                double Mean(Func<int, double> value)
                {
                    var mean = 0.0;
                    for (var i = 0; i < 11; i++)
                        for (var j = 0; j < 11; j++) mean += window[i] * window[j] / sum / sum * value((top + i) * 15 + left + j);
                    return mean;
                }
                var (mx, my) = (Mean(i => x[i]), Mean(i => y[i]));
                var (vx, vy) = (Mean(i => (x[i] - mx) * (x[i] - mx)), Mean(i => (y[i] - my) * (y[i] - my)));
                var cov = Mean(i => (x[i] - mx) * (y[i] - my));
                total += (2 * mx * my + 1e-4) * (2 * cov + 9e-4) / ((mx * mx + my * my + 1e-4) * (vx + vy + 9e-4));
            }
        }
        Assert.Equal(total / 15, StructuralSimilarity.Of(first, second), 1e-9);
        Assert.Equal(1, StructuralSimilarity.Of(first, first), 1e-12);
    }

    [Fact]
    public void Patch_distance_is_that_of_the_patches_and_not_of_their_places()
    {
        using var scope = NewDisposeScope();
        var picture = Picture(64, 48, 1);
        Assert.Equal(0, PatchDistance.Of(picture, picture), 1e-12);
        long[] shift = [0, 0, 0, 20], axes = [0, 1, 2, 3];
        var moved = PatchDistance.Of(picture, picture.roll(shift, axes)); // but for the patches across the seam
        var noisy = PatchDistance.Of(picture, (picture + randn_like(picture) * 0.1).clamp(0, 1));
        var other = PatchDistance.Of(picture, 1 - picture * picture);
        Assert.InRange(moved, 0, 0.5 * other);
        Assert.True(noisy > 0 && other > noisy, $"{moved} {noisy} {other}");
        Assert.Equal(PatchDistance.Of(picture, 1 - picture), PatchDistance.Of(1 - picture, picture), 1e-12);
    }

    [Fact]
    public void Structure_is_the_divergence_of_similarities_between_places()
    {
        using var scope = NewDisposeScope();
        var (picture, content) = (Activations(1), Activations(2));
        double[][] Shares(Tensor of)
        {
            var vectors = Vectors(of);
            return vectors.Select(a =>
            {
                var powers = vectors.Select(b => Math.Exp(a.Zip(b, (x, y) => x * y).Sum())).ToArray();
                return powers.Select(power => power / powers.Sum()).ToArray();
            }).ToArray();
        }
        var expected = Shares(content).Zip(Shares(picture), (p, q) => p.Zip(q, (x, y) => x * Math.Log(x / y)).Sum()).Average();
        Assert.Equal(expected, FeatureStructure.Of(Places(picture), Places(content)), 1e-9);
        Assert.True(expected > 0);
        Assert.Equal(expected, FeatureStructure.Of(Places(picture * 3), Places(content)), 1e-9); // the scale of a network does not count
        Assert.Equal(0, FeatureStructure.Of(Places(content), Places(content)), 1e-12);
    }

    [Fact]
    public void Perceptual_distance_is_that_of_unit_vectors()
    {
        using var scope = NewDisposeScope();
        double Expected(Tensor picture, Tensor content) => Vectors(picture).Zip(Vectors(content),
            (a, b) => a.Zip(b, (x, y) => (x - y) * (x - y)).Sum()).Average();
        var (first, second) = ((Activations(1), Activations(2)), (Activations(3), Activations(4)));
        Assert.Equal((Expected(first.Item1, first.Item2) + Expected(second.Item1, second.Item2)) / 2,
            PerceptualDistance.Of([first, second]), 1e-9);
        Assert.Equal(0, PerceptualDistance.Of([(first.Item1, first.Item1)]), 1e-12);
    }

    /// <summary>As after a ReLU, with a position where all are 0.</summary>
    private static Tensor Activations(int seed)
    {
        using var generator = new Generator((ulong)seed, CPU);
        var values = randn([1, 5, 4, 3], ScalarType.Float64, generator: generator).clamp_min(0);
        values[0, TensorIndex.Colon, seed % 4, 0] = 0;
        return values;
    }

    private static Tensor Places(Tensor activations) => activations.flatten(2).squeeze(0).t();

    /// <summary>Every position, as a vector of length 1 or 0.</summary>
    private static double[][] Vectors(Tensor activations)
    {
        var positions = Places(activations);
        return Enumerable.Range(0, (int)positions.shape[0]).Select(i => positions[i].data<double>().ToArray()).Select(vector =>
        {
            var length = Math.Sqrt(vector.Sum(x => x * x));
            return length == 0 ? vector : vector.Select(x => x / length).ToArray();
        }).ToArray();
    }

    [Fact]
    public void A_shift_of_all_colours_is_a_distance_along_every_direction()
    {
        using var scope = NewDisposeScope();
        var picture = Picture(40, 40, 3) * 0.5;
        // a direction has norm 1: its 147 entries add up to a number of variance 1, so the mean square is the square of the shift
        Assert.InRange(PatchDistance.Of(picture, picture + 0.1), 0.08, 0.12);
    }

    private static Tensor Picture(int width, int height, int seed) => TinyNetworks.Picture(width, height, seed, ScalarType.Float64);

    private static double[] Luma(Tensor picture) =>
        (picture[0, 0] * 0.2126 + picture[0, 1] * 0.7152 + picture[0, 2] * 0.0722).flatten().data<double>().ToArray();
}
