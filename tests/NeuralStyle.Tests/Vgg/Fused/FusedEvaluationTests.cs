using NeuralStyle.Evaluation;
using NeuralStyle.Losses;
using NeuralStyle.Matching;
using NeuralStyle.Runtime.Lanes;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Tests.Vgg.Fused;

/// <summary>The fused network of CPUs with AVX2 and with AVX-512, in float32, against automatic differentiation in float64.</summary>
public sealed class FusedEvaluationTests
{
    private static readonly VggWeights Weights = TinyNetworks.Random([32, 32, 64, 64, 32]);

    public static MatrixTheoryData<StyleLossKind, int> StyleLosses { get; } = new(Enum.GetValues<StyleLossKind>(), [128, 256, 512]);

    [Theory]
    [MemberData(nameof(StyleLosses))]
    public void Every_style_loss_gives_the_same_losses_and_gradient(StyleLossKind kind, int bits) =>
        Compare(new NetworkOptions(Pooling.Average, PaddingMode.Replicate, 2), new StyleSettings { StyleLoss = kind }, 64, 48, bits);

    [Theory]
    [InlineData(Pooling.Max, PaddingMode.Zero, 64, 64, 256)]
    [InlineData(Pooling.Max, PaddingMode.Zero, 64, 64, 512)]
    [InlineData(Pooling.Max, PaddingMode.Replicate, 47, 61, 256)] // odd at every pooling
    [InlineData(Pooling.Max, PaddingMode.Replicate, 47, 61, 512)]
    [InlineData(Pooling.Average, PaddingMode.Zero, 50, 33, 256)]
    [InlineData(Pooling.Average, PaddingMode.Zero, 50, 33, 512)]
    [InlineData(Pooling.Average, PaddingMode.Replicate, 16, 200, 256)]
    [InlineData(Pooling.Average, PaddingMode.Replicate, 16, 200, 512)]
    public void Every_size_pooling_and_padding_gives_the_same_losses_and_gradient(Pooling pooling, PaddingMode padding, int width,
        int height, int bits) =>
        Compare(new NetworkOptions(pooling, padding, NetworkOptions.KeepingScale(pooling)), new StyleSettings { TotalVariationWeight = 2 },
            width, height, bits);

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void Layers_that_share_a_content_and_a_style_term_get_both_gradients(int bits) => Compare(new NetworkOptions(), new StyleSettings
    {
        ContentLayers = [new(new(2, 2)), new(new(3, 1), 2)],
        StyleLayers = [new(new(2, 2)), new(new(3, 1))],
    }, 64, 48, bits);

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void A_second_style_loss_and_self_similarity_add_their_gradients(int bits) => Compare(new NetworkOptions(), new StyleSettings
    {
        ContentLoss = ContentLossKind.SelfSimilarity,
        SecondStyleLoss = StyleLossKind.Nearest,
    }, 64, 48, bits);

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void Self_similarity_besides_a_content_loss_at_the_same_layer_adds_its_gradient(int bits) => Compare(new NetworkOptions(),
        new StyleSettings
        {
            ContentLayers = [new(new(3, 1)), new(new(4, 2))],
            SelfSimilarityWeight = 0.3,
        }, 64, 48, bits);

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void A_style_term_inside_a_mask_gets_the_gradient_of_its_region(int bits)
    {
        using var scope = NewDisposeScope();
        VggLayer layer = new(2, 1);
        var mask = TinyNetworks.Picture(24, 20, 9, ScalarType.Float64).narrow(1, 0, 1);
        (double, Tensor) Run(ScalarType dtype)
        {
            using var network = Network(new NetworkOptions(), dtype, bits);
            var target = LayerStatistics.Of(network.Forward(TinyNetworks.Picture(32, 32, 3, dtype), [layer])[layer]);
            using var objective = new Objective
            {
                Style = [new StyleTerm(layer, 3, target.Detached(), new WeightedMask(mask.to(dtype).clone().DetachFromDisposeScope()),
                    Kind: StyleLossKind.Moments)],
            };
            using var evaluator = new WholeImageEvaluator(network, objective);
            var evaluated = evaluator.Evaluate(TinyNetworks.Picture(48, 40, 5, ScalarType.Float64).to(dtype));
            return (evaluated.ReadTotal(), evaluated.Gradient.to(ScalarType.Float64));
        }
        Close(Run(ScalarType.Float64), Run(ScalarType.Float32));
    }

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void Activations_are_those_of_direct_convolutions(int bits)
    {
        using var scope = NewDisposeScope();
        using var fused = Network(new NetworkOptions(), ScalarType.Float32, bits);
        using var direct = new VggNetwork(Weights, new NetworkOptions(), dtype: ScalarType.Float64);
        var image = TinyNetworks.Picture(70, 53, 4, ScalarType.Float64);
        VggLayer[] wanted = [new(1, 1), new(2, 2), new(5, 1)];
        var expected = direct.Forward(image, wanted);
        foreach (var (layer, features) in fused.Forward(image.to(ScalarType.Float32), wanted))
            Assert.InRange((features.to(ScalarType.Float64) - expected[layer]).abs().max().ToDouble(), 0,
                2e-5 * expected[layer].abs().max().ToDouble());
    }

    [Theory]
    [InlineData(Pooling.Max, 47, 61)]
    [InlineData(Pooling.Average, 64, 48)]
    public void All_widths_of_vectors_give_the_same_bits(Pooling pooling, int width, int height)
    {
        var (least, narrow, wide) = (Evaluate(128), Evaluate(256), Evaluate(512));
        Assert.Equal(narrow.Total, wide.Total);
        Assert.Equal(0, (narrow.Gradient - wide.Gradient).abs().max().ToDouble());
        Assert.Equal(narrow.Total, least.Total);
        Assert.Equal(0, (narrow.Gradient - least.Gradient).abs().max().ToDouble());

        (double Total, Tensor Gradient) Evaluate(int bits) =>
            FusedEvaluationTests.Evaluate(new NetworkOptions(pooling), new StyleSettings(), width, height, ScalarType.Float32, bits);
    }

    [Theory]
    [InlineData(null, ContentLossKind.Relative)]
    [InlineData(StyleLossKind.Remd, ContentLossKind.SelfSimilarity)]
    public void A_hundred_evaluations_leave_no_tensor_behind(StyleLossKind? second, ContentLossKind content)
    {
        var settings = new StyleSettings { SecondStyleLoss = second, ContentLoss = content };
        using var scope = NewDisposeScope();
        using var network = new VggNetwork(Weights, new NetworkOptions());
        var image = TinyNetworks.Picture(32, 32, 1);
        using var objective = MatchedObjective.Build(network, image, [TinyNetworks.Picture(32, 32, 2)], [1], settings, image);
        using var evaluator = new WholeImageEvaluator(network, objective);
        evaluator.Evaluate(image).Dispose();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var i = 0; i < 100; i++) evaluator.Evaluate(image).Dispose();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static void Compare(NetworkOptions options, StyleSettings settings, int width, int height, int bits) =>
        Close(Evaluate(options, settings, width, height, ScalarType.Float64, bits),
            Evaluate(options, settings, width, height, ScalarType.Float32, bits));

    private static (double Total, Tensor Gradient) Evaluate(NetworkOptions options, StyleSettings settings, int width, int height,
        ScalarType dtype, int bits)
    {
        using var scope = NewDisposeScope();
        using var network = Network(options, dtype, bits);
        Tensor Picture(int w, int h, int seed) => TinyNetworks.Picture(w, h, seed, ScalarType.Float64).to(dtype);
        using var objective = MatchedObjective.Build(network, Picture(width, height, 1), [Picture(60, 44, 2)], [1], settings,
            Picture(width, height, 1));
        using var evaluator = new WholeImageEvaluator(network, objective);
        var evaluated = evaluator.Evaluate(Picture(width, height, 5));
        return (evaluated.ReadTotal(), evaluated.Gradient.to(ScalarType.Float64).DetachFromDisposeScope());
    }

    /// <summary>A network whose fused pass, in float32, has vectors of so many bits.</summary>
    private static VggNetwork Network(NetworkOptions options, ScalarType dtype, int bits)
    {
        var vectors = (VectorWidth)bits;
        Assert.SkipUnless(VectorWidths.Supported.Contains(vectors), $"no vectors of {bits} bits here");
        return new VggNetwork(Weights, options, null, dtype, deepest: null, channelsLast: false, vectors);
    }

    private static void Close((double Total, Tensor Gradient) expected, (double Total, Tensor Gradient) actual)
    {
        Assert.InRange(Math.Abs(actual.Total / expected.Total - 1), 0, 1e-3);
        Assert.InRange(((actual.Gradient - expected.Gradient).norm() / expected.Gradient.norm()).ToDouble(), 0, 5e-3);
    }
}
