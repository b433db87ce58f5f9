using NeuralStyle.Evaluation;
using NeuralStyle.Losses;
using NeuralStyle.Matching;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Tests.Evaluation;

/// <summary>Gradients through the whole evaluator against central differences in float64.</summary>
public sealed class GradientTests
{
    public static TheoryData<StyleLossKind> StyleLosses { get; } = [.. Enum.GetValues<StyleLossKind>()];

    [Theory]
    [MemberData(nameof(StyleLosses))]
    public void Gradient_matches_finite_differences_for_every_style_loss(StyleLossKind kind) =>
        Check(new NetworkOptions(Pooling.Average, PaddingMode.Replicate, 2),
            new StyleSettings { StyleLoss = kind, ContentWeight = 0, TotalVariationWeight = 0 });

    [Theory]
    [InlineData(ContentLossKind.Relative)]
    [InlineData(ContentLossKind.Gatys)]
    [InlineData(ContentLossKind.MeanSquare)]
    [InlineData(ContentLossKind.SelfSimilarity)]
    public void Gradient_matches_finite_differences_for_every_content_loss(ContentLossKind kind) =>
        Check(new NetworkOptions(), new StyleSettings { ContentLoss = kind, StyleWeight = 0, TotalVariationWeight = 0.1 });

    [Fact]
    public void Gradient_matches_finite_differences_with_self_similarity_besides_the_content_loss() => Check(new NetworkOptions(),
        new StyleSettings { SelfSimilarityWeight = 0.5, SelfSimilarityLayers = [new(new(2, 1))], StyleWeight = 0 });

    [Theory]
    [InlineData(Pooling.Max, PaddingMode.Zero)]
    [InlineData(Pooling.Max, PaddingMode.Reflect)]
    [InlineData(Pooling.Average, PaddingMode.Zero)]
    [InlineData(Pooling.Average, PaddingMode.Replicate)]
    public void Gradient_matches_finite_differences_for_every_pooling_and_padding(Pooling pooling, PaddingMode padding) =>
        Check(new NetworkOptions(pooling, padding, NetworkOptions.KeepingScale(pooling)), new StyleSettings { TotalVariationWeight = 2 });

    [Fact]
    public void With_circular_padding_no_place_is_a_border()
    {
        using var scope = NewDisposeScope();
        using var network = Network(new NetworkOptions(Pooling.Average, PaddingMode.Circular, 2));
        var settings = new StyleSettings { StyleLoss = StyleLossKind.Gram, ContentWeight = 0, TotalVariationWeight = 2 };
        using var objective = ObjectiveBuilder.Build(network, TinyNetworks.Picture(48, 32, 1, ScalarType.Float64),
            [TinyNetworks.Picture(48, 48, 2, ScalarType.Float64)], [1], settings);
        using var evaluator = new WholeImageEvaluator(network, objective);
        var image = TinyNetworks.Picture(48, 32, 5, ScalarType.Float64);
        long[] shift = [16, 32], axes = [2, 3];
        var here = evaluator.Evaluate(image);
        var shifted = evaluator.Evaluate(image.roll(shift, axes));
        Assert.Equal(here.ReadTotal(), shifted.ReadTotal(), here.ReadTotal() * 1e-12);
        Assert.InRange((here.Gradient.roll(shift, axes) - shifted.Gradient).abs().max().ToDouble(), 0,
            1e-12 * here.Gradient.abs().max().ToDouble());
    }

    [Fact]
    public void Gradient_matches_finite_differences_inside_a_soft_mask()
    {
        using var scope = NewDisposeScope();
        using var network = Network(new NetworkOptions());
        VggLayer layer = new(2, 1);
        var mask = TinyNetworks.Picture(20, 12, 9, ScalarType.Float64).narrow(1, 0, 1);
        var target = LayerStatistics.Of(network.Forward(TinyNetworks.Picture(32, 32, 3, ScalarType.Float64), [layer])[layer]);
        using var objective =
            new Objective { Style = [new StyleTerm(layer, 1, target.Detached(), new WeightedMask(mask.clone().DetachFromDisposeScope()))] };
        Check(network, objective);
    }

    private static VggNetwork Network(NetworkOptions options) => new(TinyNetworks.Random(), options, dtype: ScalarType.Float64);

    private static void Check(NetworkOptions options, StyleSettings settings)
    {
        using var scope = NewDisposeScope();
        using var network = Network(options);
        var (content, style) = (TinyNetworks.Picture(40, 24, 1, ScalarType.Float64), TinyNetworks.Picture(48, 40, 2, ScalarType.Float64));
        using var objective = MatchedObjective.Build(network, content, [style], [1], settings, content);
        Check(network, objective);
    }

    private static void Check(VggNetwork network, Objective objective)
    {
        using var evaluator = new WholeImageEvaluator(network, objective);
        var image = TinyNetworks.Picture(40, 24, 5, ScalarType.Float64);
        using var evaluated = evaluator.Evaluate(image);
        Assert.True(evaluated.Gradient.norm().ToDouble() > 0);
        for (var seed = 1; seed <= 3; seed++)
        {
            using var generator = new Generator((ulong)seed);
            var direction = randn(image.shape, ScalarType.Float64, generator: generator);
            var expected = (evaluated.Gradient * direction).sum().ToDouble();
            const double step = 1e-7; // few ReLUs and maxima change sides within so short a step
            var slope = (Total(evaluator, image + direction * step) - Total(evaluator, image - direction * step)) / (2 * step);
            Assert.InRange(Math.Abs(slope - expected), 0, 1e-3 * evaluated.Gradient.norm().ToDouble());
        }
    }

    private static double Total(IEvaluator evaluator, Tensor image)
    {
        using var evaluated = evaluator.Evaluate(image);
        return evaluated.ReadTotal();
    }
}
