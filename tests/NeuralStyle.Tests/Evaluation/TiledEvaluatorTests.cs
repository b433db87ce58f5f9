using CsCheck;
using NeuralStyle.Evaluation;
using NeuralStyle.Evaluation.Tiling;
using NeuralStyle.Losses;
using NeuralStyle.Matching;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Tests.Evaluation;

/// <summary>The answer in tiles against that for the whole picture.</summary>
public sealed class TiledEvaluatorTests
{
    private sealed record Case(int Width, int Height, int Core, int Blocks, Pooling Pooling, PaddingMode Padding, StyleLossKind Style,
        ContentLossKind Content, bool Masked, bool Split = false);

    private static readonly PaddingMode[] Paddings = [PaddingMode.Zero, PaddingMode.Replicate, PaddingMode.Reflect];

    private static readonly Gen<Case> Cases =
        from width in Gen.Int[33, 150]
        from height in Gen.Int[33, 150]
        // a side, or a limit of pixels
        from core in Gen.Int[16, 80].Select(Gen.Bool, (side, bySide) => bySide ? side : -(side + 160) * (side + 160))
        from blocks in Gen.Int[1, 5]
        from pooling in Gen.Enum<Pooling>()
        from padding in Gen.Int[0, 2].Select(i => Paddings[i])
        from style in Gen.Enum<StyleLossKind>()
        from content in Gen.Enum<ContentLossKind>()
        from masked in Gen.Bool
        from split in Gen.Bool
        select new Case(width, height, core, blocks, pooling, padding, style, content, masked, split);

    [Fact]
    public void Losses_and_gradient_are_those_of_the_whole_picture() =>
        Cases.Sample(test => Compare(test, ScalarType.Float64, 1e-9, 1e-8), iter: 40, threads: 1, print: test => test.ToString());

    [Fact]
    public void In_float32_they_are_as_near_as_its_rounding_allows()
    {
        foreach (var style in Enum.GetValues<StyleLossKind>()) // fixed cases: rounding must not decide now and then
        {
            Compare(new Case(92, 80, 48, 4, Pooling.Average, PaddingMode.Zero, style, ContentLossKind.Relative, Masked: false),
                ScalarType.Float32, 1e-5, 1e-4);
            Compare(new Case(141, 130, 32, 5, Pooling.Max, PaddingMode.Replicate, style, ContentLossKind.Relative, Masked: false,
                Split: true), ScalarType.Float32, 1e-5, 1e-4);
        }
    }

    [Theory]
    [InlineData(Pooling.Max, PaddingMode.Replicate)]
    [InlineData(Pooling.Average, PaddingMode.Zero)]
    public void The_fused_network_in_two_sections_gives_the_answer_of_the_whole_picture(Pooling pooling, PaddingMode padding)
    {
        using var scope = NewDisposeScope();
        using var network = new VggNetwork(TinyNetworks.Random([32, 32, 32, 64, 64]), new NetworkOptions(pooling, padding));
        using var objective = ObjectiveBuilder.Build(network, TinyNetworks.Picture(203, 157, 1), [TinyNetworks.Picture(80, 90, 2)], [1],
            new StyleSettings());
        var image = TinyNetworks.Picture(203, 157, 3);
        using var whole = new WholeImageEvaluator(network, objective);
        using var tiled = new TiledEvaluator(network, objective, new TileSize(48, Split: true));
        var (expected, actual) = (whole.Evaluate(image), tiled.Evaluate(image));
        Assert.InRange(actual.ReadTotal() / expected.ReadTotal(), 1 - 1e-5, 1 + 1e-5);
        Assert.InRange((actual.Gradient - expected.Gradient).abs().max().ToDouble(), 0, 1e-4 * expected.Gradient.abs().max().ToDouble());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Tiles_kept_from_one_pass_to_the_next_change_no_bit(bool split)
    {
        using var scope = NewDisposeScope();
        using var network = new VggNetwork(TinyNetworks.Random([32, 32, 32, 32, 32]),
            new NetworkOptions(Pooling.Max, PaddingMode.Replicate));
        using var objective = ObjectiveBuilder.Build(network, TinyNetworks.Picture(200, 150, 1), [TinyNetworks.Picture(80, 90, 2)], [1],
            new StyleSettings());
        var image = TinyNetworks.Picture(200, 150, 3);
        Evaluated Answer(int keep)
        {
            using var tiled = new TiledEvaluator(network, objective, new TileSize(64, Split: split), keep, keep / 2);
            tiled.Evaluate(image).Dispose();
            return tiled.Evaluate(image);
        }
        var (none, some, all) = (Answer(0), Answer(3), Answer(1000));
        Assert.True(none.Gradient.equal(some.Gradient).all().ToBoolean()
            && none.Gradient.equal(all.Gradient).all().ToBoolean(), "the gradient differs");
        Assert.Equal((none.ReadTotal(), none.ReadTotal()), (some.ReadTotal(), all.ReadTotal()));
    }

    private static void Compare(Case test, ScalarType type, double losses, double gradients)
    {
        using var scope = NewDisposeScope();
        int[] widths = [4, 6, 8, 8, 8];
        using var network = new VggNetwork(TinyNetworks.Random(widths[..test.Blocks]),
            new NetworkOptions(test.Pooling, test.Padding, NetworkOptions.KeepingScale(test.Pooling)), dtype: type);
        Tensor Picture(int width, int height, int seed) => TinyNetworks.Picture(width, height, seed, type);
        var settings = new StyleSettings
        {
            StyleLoss = test.Style, ContentLoss = test.Content, ContentWeight = 0.1, TotalVariationWeight = 0.5,
            StyleLayers = Enumerable.Range(1, test.Blocks).Select(block => new LayerWeight(new VggLayer(block, 1))).ToArray(),
            ContentLayers = [new(new VggLayer(test.Blocks, 2))],
            SelfSimilarityLayers = [new(new VggLayer(1, 2)), new(new VggLayer(test.Blocks, 2))],
            SelfSimilarityWeight = test.Content == ContentLossKind.SelfSimilarity ? 0 : 0.2,
        };
        using var objective =
            Masked(MatchedObjective.Build(network, Picture(test.Width, test.Height, 1), [Picture(70, 60, 2)], [1], settings,
                Picture(test.Width, test.Height, 4), split: test.Split), test);
        using var whole = new WholeImageEvaluator(network, objective);
        using var tiled = new TiledEvaluator(network, objective,
            (test.Core < 0 ? new TileSize(Pixels: -test.Core) : new TileSize(test.Core)) with { Split = test.Split });
        var image = Picture(test.Width, test.Height, 3);
        var (expected, actual) = (whole.Evaluate(image), tiled.Evaluate(image));
        Assert.Equal(whole.Terms, tiled.Terms);
        foreach (var (wanted, found) in expected.ReadRaw().Append(expected.ReadTotal()).Zip(actual.ReadRaw().Append(actual.ReadTotal())))
            // W2 is a small difference of traces near 1
            Assert.InRange(Math.Abs(found - wanted), 0, losses * Math.Max(Math.Abs(wanted), type == ScalarType.Float32 ? 0.01 : 1e-4));
        Assert.InRange((actual.Gradient - expected.Gradient).abs().max().ToDouble(), 0,
            gradients * expected.Gradient.abs().max().ToDouble());
    }

    /// <summary>The same objective with a soft mask over every style term.</summary>
    private static Objective Masked(Objective objective, Case test)
    {
        if (!test.Masked || objective.Style.Count == 0) return objective;
        var mask = TinyNetworks.Picture(test.Width, test.Height, 7, objective.Style[0].Target.Mean.dtype).narrow(1, 0, 1);
        return objective with { Style = objective.Style.Select(term =>
            term with { Mask = new WeightedMask(NeuralStyle.Masks.MaskPyramid.At(mask, term.Layer).DetachFromDisposeScope()) }).ToArray() };
    }

    [Fact]
    public void Nothing_to_do_gives_0()
    {
        using var scope = NewDisposeScope();
        using var network = new VggNetwork(TinyNetworks.Random(), new NetworkOptions());
        using var objective = new Objective();
        using var tiled = new TiledEvaluator(network, objective, new TileSize(32));
        var evaluated = tiled.Evaluate(TinyNetworks.Picture(40, 40, 1));
        Assert.Equal((0.0, 0.0), (evaluated.ReadTotal(), evaluated.Gradient.abs().max().ToDouble()));
    }
}
