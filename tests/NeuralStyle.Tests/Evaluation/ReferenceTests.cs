using System.Runtime.InteropServices;
using System.Text.Json;
using NeuralStyle.Evaluation;
using NeuralStyle.Evaluation.Tiling;
using NeuralStyle.Losses;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Tests.Evaluation;

/// <summary>Every loss and its gradient against Data/reference/make.py, which computes them in NumPy with derivatives by hand.</summary>
public sealed class ReferenceTests
{
    private const double Near = 1e-9; // of float64 after a network of 16 layers and matrix roots

    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "Data", "reference");
    private static readonly JsonElement s_index =
        JsonDocument.Parse(File.ReadAllText(Path.Combine(s_folder, "reference.json"))).RootElement;
    private static readonly double[] s_values = MemoryMarshal.Cast<byte, double>(File.ReadAllBytes(Path.Combine(s_folder, "reference.bin")))
        .ToArray();

    /// <summary>Weights and settings under which the total is what the reference computed.</summary>
    private static readonly StyleSettings s_all = new() { ContentWeight = 0.5, StyleWeight = 1, TotalVariationWeight = 0.1 };

    private static readonly StyleSettings s_content = s_all with { ContentWeight = 1, StyleWeight = 0, TotalVariationWeight = 0 };

    private static readonly StyleSettings s_style = s_all with { ContentWeight = 0, StyleWeight = 1, TotalVariationWeight = 0 };

    public static TheoryData<string, ContentLossKind> ContentLosses =>
        [.. Poolings.SelectMany(pooling => Enum.GetValues<ContentLossKind>().Where(kind => kind != ContentLossKind.SelfSimilarity)
            .Select(kind => (pooling, kind)))];

    public static TheoryData<string, StyleLossKind> StyleLosses =>
        [.. Poolings.SelectMany(pooling => Enum.GetValues<StyleLossKind>().Where(kind => !StyleLoss.IsMatching(kind))
            .Select(kind => (pooling, kind)))];

    private static readonly string[] Poolings = ["max", "avg"];

    [Theory]
    [InlineData("max")]
    [InlineData("avg")]
    public void Activations_are_those_of_the_reference(string pooling)
    {
        using var scope = NewDisposeScope();
        using var network = Network(pooling);
        var layers = s_index.EnumerateObject()
            .Select(entry => entry.Name.Split(' '))
            .Where(name => name is [var first, "features", _] && first == pooling)
            .Select(name => VggLayer.Parse(name[2])).ToArray();
        Assert.Equal(6, layers.Length);
        foreach (var (layer, features) in network.Forward(Picture("picture"), layers))
            Same(Array($"{pooling} features {layer}").unsqueeze(0), features, 1e-12);
    }

    [Theory]
    [MemberData(nameof(ContentLosses))]
    public void Content_losses_and_gradients_are_those_of_the_reference(string pooling, ContentLossKind kind)
    {
        using var scope = NewDisposeScope();
        var name = $"{pooling} content {ValueNames.Of(kind)}";
        var evaluated = Evaluate(pooling, s_content with { ContentLoss = kind });
        Same(Array(name), evaluated.Raw, Near);
        Same(Array($"{name} gradient").unsqueeze(0), evaluated.Gradient, Near);
    }

    [Theory]
    [MemberData(nameof(StyleLosses))]
    public void Style_losses_of_each_layer_and_gradients_are_those_of_the_reference(string pooling, StyleLossKind kind)
    {
        using var scope = NewDisposeScope();
        var name = $"{pooling} style {ValueNames.Of(kind)}";
        var evaluated = Evaluate(pooling, s_style with { StyleLoss = kind });
        Same(Array(name), evaluated.Raw, 1e-7); // at deep layers few positions leave covariances that are nearly singular
        Same(Array($"{name} gradient").unsqueeze(0), evaluated.Gradient, 1e-7);
    }

    [Fact]
    public void Total_variation_and_its_gradient_are_those_of_the_reference()
    {
        using var scope = NewDisposeScope();
        var image = Picture("picture");
        var gradient = zeros_like(image);
        Same(Array("variation").squeeze(), TotalVariation.AddGradient(image, gradient, 1), Near);
        Same(Array("variation gradient").unsqueeze(0), gradient, Near);
    }

    [Theory]
    [InlineData("max", null)]
    [InlineData("avg", null)]
    [InlineData("max", 16)]
    [InlineData("avg", 16)]
    public void The_total_of_all_terms_is_that_of_the_reference_whole_and_in_tiles(string pooling, int? tile)
    {
        using var scope = NewDisposeScope();
        var evaluated = Evaluate(pooling, s_all, tile);
        Same(Array($"{pooling} total").squeeze(), evaluated.Total, 1e-7);
        Same(Array($"{pooling} total gradient").unsqueeze(0), evaluated.Gradient, 1e-7);
    }

    private static Evaluated Evaluate(string pooling, StyleSettings settings, int? tile = null)
    {
        using var network = Network(pooling);
        using var objective = ObjectiveBuilder.Build(network, Picture("content"), [Picture("style")], [1], settings);
        using IEvaluator evaluator = tile is null
            ? new WholeImageEvaluator(network, objective)
            : new TiledEvaluator(network, objective, new TileSize(tile), []);
        return evaluator.Evaluate(Picture("picture"));
    }

    private static VggNetwork Network(string pooling)
    {
        var convolutions = s_index.EnumerateObject()
            .Where(entry => entry.Name.StartsWith("kernel ", StringComparison.Ordinal))
            .Select(entry =>
        {
            var layer = entry.Name.Split(' ')[1];
            var shape = entry.Value.GetProperty("shape").EnumerateArray().Select(side => side.GetInt32()).ToArray();
            return new ConvolutionWeights(VggLayer.Parse(layer), shape[0], shape[1], Floats(entry.Name), Floats($"bias {layer}"));
        }).ToArray();
        var options = pooling == "max"
            ? new NetworkOptions(Pooling.Max, PaddingMode.Zero)
            : new NetworkOptions(Pooling.Average, PaddingMode.Replicate, 2);
        var preprocessing = new Preprocessing(ChannelOrder.Rgb, 1, [0.5f, 0.4375f, 0.375f], [0.25f, 0.25f, 0.5f]);
        return new VggNetwork(new VggWeights("reference", "", convolutions, preprocessing, null), options, dtype: ScalarType.Float64);
    }

    private static Tensor Picture(string name) => Array(name).unsqueeze(0);

    private static float[] Floats(string name) => Array(name).to(ScalarType.Float32).data<float>().ToArray(); // exact: they were float32

    private static Tensor Array(string name)
    {
        var place = s_index.GetProperty(name);
        var shape = place.GetProperty("shape").EnumerateArray().Select(side => side.GetInt64()).ToArray();
        return tensor(s_values.AsSpan(place.GetProperty("start").GetInt32(), (int)shape.Aggregate(1L, (product, side) => product * side))
            .ToArray(), shape);
    }

    private static void Same(Tensor expected, Tensor actual, double relative)
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.True(expected.norm().ToDouble() > 0);
        Assert.InRange(((expected - actual).norm() / expected.norm()).ToDouble(), 0, relative);
    }
}
