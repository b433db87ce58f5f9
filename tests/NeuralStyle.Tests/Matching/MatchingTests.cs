using NeuralStyle.Evaluation;
using NeuralStyle.Evaluation.Tiling;
using NeuralStyle.Losses;
using NeuralStyle.Masks;
using NeuralStyle.Matching;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Tests.Matching;

/// <summary>Which positions of the style are found for those of the picture, and what losses of found positions are.</summary>
public sealed class MatchingTests
{
    private static readonly StyleSettings Nearest = new()
    {
        StyleLoss = StyleLossKind.Nearest, StyleLayers = StyleSettings.MatchingLayers, ContentWeight = 0, TotalVariationWeight = 0,
    };

    [Fact]
    public void Blocks_of_the_search_give_what_a_loop_over_all_pairs_gives()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        var queries = randn([3000, 5], generator: generator);
        var keys = Hypercolumns.Normalised(randn([3000, 5], generator: generator)); // 1398 queries to a block
        var all = queries.mm(keys.t());
        Assert.Equal(all.argmax(1).data<long>().ToArray(), NearestSearch.Of(queries, keys).Keys.data<long>().ToArray());
        var units = Hypercolumns.Normalised(queries);
        var (forward, backward) = NearestSearch.Of(units, keys, backward: true);
        Assert.Equal(all.argmax(1).data<long>().ToArray(), forward.data<long>().ToArray());
        Assert.Equal(units.mm(keys.t()).argmax(0).data<long>().ToArray(), backward!.data<long>().ToArray());
    }

    [Fact]
    public void In_groups_only_keys_of_the_group_are_found()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(4);
        var (queries, keys) = (randn([90, 3], generator: generator), Hypercolumns.Normalised(randn([40, 3], generator: generator)));
        var groupOf = arange(90, ScalarType.Int64).remainder(2);
        KeyRange[] groups = [new(0, 10), new(10, 30)];
        var found = NearestSearch.InGroups(queries, keys, groups, groupOf).Keys.data<long>().ToArray();
        for (var i = 0; i < 90; i++)
        {
            var (start, count) = groups[i % 2];
            Assert.Equal(start + queries[i].unsqueeze(0).mm(keys.narrow(0, start, count).t()).argmax().ToInt64(), found[i]);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_picture_finds_itself_and_is_at_the_minimum(bool split)
    {
        using var scope = NewDisposeScope();
        using var network = Network();
        var picture = Picture(96, 64, 1);
        using var objective = MatchedObjective.Build(network, picture, [picture], [1], Nearest, picture, split: split);
        using var evaluator = new WholeImageEvaluator(network, objective);
        foreach (var term in objective.Pulls.Where(term => term.Layer.Stride <= 4))
        {
            var index = term.Targets.Index.flatten().data<long>().ToArray();
            // where all positions are samples; a few have a twin of the same direction
            if (index.Length < 4096) Assert.InRange(index.Where((key, i) => key == i).Count(), 0.9 * index.Length, index.Length);
        }
        // what is sampled (layers with more than 4096 positions) or averaged (coarser layers) only nearly finds itself
        var (own, other) = (evaluator.Evaluate(picture).ReadRaw(), evaluator.Evaluate(Picture(96, 64, 2)).ReadRaw());
        Assert.All(own.Zip(other), pair => Assert.InRange(pair.First, -1e-6, 0.25 * pair.Second));
    }

    [Theory]
    [InlineData(StyleLossKind.Nearest, false)]
    [InlineData(StyleLossKind.Nearest, true)]
    [InlineData(StyleLossKind.Remd, false)]
    public void In_tiles_the_search_finds_the_same(StyleLossKind kind, bool split)
    {
        using var scope = NewDisposeScope();
        using var network = Network();
        var (content, style) = (Picture(141, 103, 1), Picture(90, 77, 2));
        var settings = Nearest with { StyleLoss = kind };
        (Tensor[] Choices, double Loss) Search(TileSize tiles)
        {
            using var objective = ObjectiveBuilder.Build(network, content, [style], [1], settings, tiles: tiles);
            using var matcher = new Matcher(network, content, [style], [1], settings, null, tiles, objective.Pulls, split);
            matcher.Search(content, split);
            using var evaluator = new WholeImageEvaluator(network, objective);
            return (objective.Pulls.SelectMany(term => (Tensor?[])[term.Targets.Index, term.Targets.Back?.Keys, term.Targets.Back?.Counts])
                .Where(tensor => tensor is not null).Select(tensor => tensor!.clone()).ToArray(), evaluator.Evaluate(content).ReadTotal());
        }
        var (whole, tiled) = (Search(TileSize.Whole), Search(new TileSize(48, Split: true)));
        // sums of another order may decide otherwise between two that are nearly as near: few, and equally near
        foreach (var (expected, found) in whole.Choices.Zip(tiled.Choices))
            Assert.InRange((expected != found).sum().ToInt64(), 0, expected.numel() / 200);
        Assert.Equal(whole.Loss, tiled.Loss, whole.Loss * 1e-5);
    }

    [Fact]
    public void The_relaxed_earth_movers_distance_is_the_mean_of_both_directions()
    {
        using var scope = NewDisposeScope();
        using var network = Network();
        var (content, style) = (Picture(40, 32, 1), Picture(48, 36, 2));
        VggLayer layer = new(3, 1); // on the grid itself: every position is a sample
        var settings = Nearest with { StyleLoss = StyleLossKind.Remd, StyleLayers = [new(layer)] };
        using var objective = MatchedObjective.Build(network, content, [style], [1], settings, content);
        var (x, y) = (Rows(network.Forward(content, [layer])[layer]), Rows(network.Forward(style, [layer])[layer]));
        var keys = Hypercolumns.Normalised(y - y.mean([0]));
        var found = Hypercolumns.Normalised(x - x.mean([0])).mm(keys.t()); // searched: each centred by its own mean
        var pulled = 1 - Hypercolumns.Normalised(x - y.mean([0])).mm(keys.t()); // pulled: towards the style's
        var forward = pulled.gather(1, found.argmax(1).unsqueeze(1)).mean();
        var backward = pulled.gather(0, found.argmax(0).unsqueeze(0)).mean();
        using var evaluator = new WholeImageEvaluator(network, objective);
        Assert.Equal((forward + backward).ToDouble() / 2, evaluator.Evaluate(content).ReadRaw()[0], 1e-5);
    }

    [Fact]
    public void Each_region_finds_positions_of_its_own_region_only()
    {
        using var scope = NewDisposeScope();
        using var network = Network();
        var picture = Picture(64, 64, 1);
        var left = zeros([1, 1, 64, 64], ScalarType.Float64);
        left.narrow(3, 0, 32).fill_(1);
        var regions = new StyleRegions(cat([left, 1 - left], 0), [cat([1 - left, left], 0)], ["left", "right"]); // crossed over
        using var objective = ObjectiveBuilder.Build(network, picture, [picture], [1], Nearest, regions);
        using var matcher = new Matcher(network, picture, [picture], [1], Nearest, regions, TileSize.Whole, objective.Pulls, false);
        matcher.Search(picture, false);
        var samples = StyleSamples.Choose([picture], [1], regions, new VggLayer(3, 1), 100_000);
        var columns = samples.Places.OrderBy(place => place.Start).SelectMany(place => place.Columns.data<long>().ToArray()).ToArray();
        var index = objective.Pulls[2].Targets.Index; // of relu3_1, 16×16
        for (var x = 0; x < 16; x++)
            Assert.All(index[0, 0, TensorIndex.Colon, x].data<long>().ToArray(), key => Assert.Equal(x < 8, columns[key] >= 8));
    }

    [Fact]
    public void Samples_of_several_styles_are_shared_by_weight_and_spread_evenly()
    {
        using var scope = NewDisposeScope();
        var samples = StyleSamples.Choose([Picture(64, 64, 1), Picture(96, 64, 2), Picture(32, 32, 3)], [1, 3, 0], null,
            new VggLayer(1, 1), 1000);
        Assert.Equal([(0, 250L), (1, 750L)], samples.Places.Select(place => (place.Style, place.Rows.shape[0])));
        Assert.InRange(samples.Places[1].Columns.to(ScalarType.Float64).mean().ToDouble(), 45, 50);
        Assert.InRange(samples.Places[1].Rows.to(ScalarType.Float64).mean().ToDouble(), 29, 34);
    }

    [Fact]
    public void Self_similarity_is_the_published_formula_and_blind_to_what_places_look_like()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(5);
        var (x, c) = (randn([7, 4], ScalarType.Float64, generator: generator), randn([7, 4], ScalarType.Float64, generator: generator));
        var expected = 0.0;
        var (dx, dc) = (Loop(x), Loop(c));
        for (var i = 0; i < 7; i++)
            for (var j = 0; j < 7; j++) expected += Math.Abs(dx[i, j] - dc[i, j]) / 7;
        Assert.Equal(expected, SelfSimilarity.Of(x, SelfSimilarity.Distances(c)).ToDouble(), 1e-6);
        Assert.Equal(0, SelfSimilarity.Of(c * 3, SelfSimilarity.Distances(c)).ToDouble(), 1e-6);
        long[] turned = [1, 2, 3, 0];
        Assert.Equal(0, SelfSimilarity.Of(c.index_select(1, tensor(turned)), SelfSimilarity.Distances(c)).ToDouble(), 1e-6);
    }

    [Theory]
    [InlineData(10, 10, 100)]
    [InlineData(100, 50, 990)]
    [InlineData(1, 3, 3)]
    public void Places_are_all_of_a_small_layer_and_spread_over_a_large_one(int height, int width, int count)
    {
        using var scope = NewDisposeScope();
        var places = SelfSimilarity.Places(height, width, CPU).data<long>().ToArray();
        Assert.Equal(count, places.Length);
        Assert.Equal(places.Order().Distinct(), places);
        Assert.All(places, place => Assert.InRange(place, 0, height * width - 1));
        Assert.InRange(places.Average(place => place % width), 0.5 * (width - 1) - 1, 0.5 * (width - 1) + 1);
    }

    private static double[,] Loop(Tensor rows)
    {
        var values = rows.data<double>().ToArray();
        var (n, c) = ((int)rows.shape[0], (int)rows.shape[1]);
        double Dot(int i, int j) => Enumerable.Range(0, c).Sum(k => values[i * c + k] * values[j * c + k]);
        var distances = new double[n, n];
        for (var j = 0; j < n; j++)
        {
            var sum = Enumerable.Range(0, n).Sum(i => 1 - Dot(i, j) / Math.Sqrt(Dot(i, i) * Dot(j, j)));
            for (var i = 0; i < n; i++) distances[i, j] = (1 - Dot(i, j) / Math.Sqrt(Dot(i, i) * Dot(j, j))) / sum;
        }
        return distances;
    }

    private static VggNetwork Network() => new(TinyNetworks.Random(), new NetworkOptions(), dtype: ScalarType.Float64);

    private static Tensor Picture(int width, int height, int seed) => TinyNetworks.Picture(width, height, seed, ScalarType.Float64);

    private static Tensor Rows(Tensor features) => features.permute(0, 2, 3, 1).reshape(-1, features.shape[1]);
}
