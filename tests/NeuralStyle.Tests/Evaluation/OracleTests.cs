using System.Text.Json;
using NeuralStyle.Evaluation;
using NeuralStyle.Losses;
using NeuralStyle.Settings;
using NeuralStyle.Tests.Infra;
using NeuralStyle.Vgg;
using NeuralStyle.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Tests.Evaluation;

/// <summary>Features, losses and gradients against values computed independently, in float64, by another program.</summary>
public sealed class OracleTests
{
    [Theory]
    [InlineData("max", Pooling.Max)]
    [InlineData("avg", Pooling.Average)]
    public void Losses_and_gradient_match_an_independent_implementation(string name, Pooling pooling)
    {
        using var scope = NewDisposeScope();
        var root = JsonDocument.Parse(File.ReadAllText(SharedData.Require("oracle", "expected.json"))).RootElement;
        var expected = root.GetProperty(name);
        var (content, style, image) = (Read("content.png"), Read("style.png"), Read("generated.png"));
        var weights = WeightsFile.Load(SharedData.Require("oracle", "tiny_vgg19.npz"));
        using var network = new VggNetwork(weights, new NetworkOptions(pooling, PaddingMode.Zero));

        var layers = expected.GetProperty("features_of_generated")
            .EnumerateObject()
            .ToDictionary(layer => VggLayer.Parse(layer.Name), layer => layer.Value);
        foreach (var (layer, features) in network.Forward(image, layers.Keys))
        {
            Assert.Equal(layers[layer].GetProperty("shape").EnumerateArray().Select(side => side.GetInt64()), features.shape);
            Close(layers[layer].GetProperty("sum_of_squares"), features.square().sum(ScalarType.Float64).ToDouble(), 1e-4);
            Close(layers[layer].GetProperty("mean"), features.mean([0, 1, 2, 3], type: ScalarType.Float64).ToDouble(), 1e-4);
        }

        foreach (var layer in expected.GetProperty("style_layers").EnumerateObject())
        {
            VggLayer[] at = [VggLayer.Parse(layer.Name)];
            using var target = LayerStatistics.Of(network.Forward(style, at)[at[0]]);
            using var made = LayerStatistics.Of(network.Forward(image, at)[at[0]]);
            Close(layer.Value.GetProperty("gram_generated_sum"), made.SecondMoment.sum().ToDouble(), 1e-4);
            Close(layer.Value.GetProperty("gram_style_trace"), target.SecondMoment.diagonal().sum().ToDouble(), 1e-4);
            Close(layer.Value.GetProperty("gatys_style"), StyleLoss.Of(StyleLossKind.Gatys, made, target).ToDouble(), 1e-4);
            Close(layer.Value.GetProperty("rms_style"), StyleLoss.Of(StyleLossKind.Rms, made, target).ToDouble(), 1e-4);
        }

        Close(root.GetProperty("tv_l1"), TotalVariation.Absolute(image).ToDouble(), 1e-4);
        Close(expected.GetProperty("mse_content"), Evaluate(network, content, style, image, ContentLossKind.MeanSquare).Raw[0], 1e-4);
        var (total, raw, gradient) = Evaluate(network, content, style, image, ContentLossKind.Gatys);
        Close(expected.GetProperty("gatys_content"), raw[0], 1e-4);
        Close(expected.GetProperty("total"), total, 1e-4);
        using var wanted = ReadArray($"gradient_{name}.npy", gradient.shape);
        Assert.InRange(((gradient - wanted).norm() / wanted.norm()).ToDouble(), 0, 1e-3);
    }

    private static (double Total, double[] Raw, Tensor Gradient) Evaluate(VggNetwork network, Tensor content, Tensor style, Tensor image,
        ContentLossKind kind)
    {
        var settings = new StyleSettings { ContentLoss = kind, StyleLoss = StyleLossKind.Gatys, ContentWeight = 1e-3,
            TotalVariationWeight = 0, StyleLayers = Presets.Find("gatys").StyleLayers };
        using var objective = ObjectiveBuilder.Build(network, content, [style], [1], settings);
        using var evaluator = new WholeImageEvaluator(network, objective);
        var evaluated = evaluator.Evaluate(image);
        return (evaluated.ReadTotal(), evaluated.ReadRaw(), evaluated.Gradient);
    }

    private static void Close(JsonElement expected, double actual, double relative) =>
        Assert.InRange(Math.Abs(actual / expected.GetDouble() - 1), 0, relative);

    private static Tensor Read(string file)
    {
        using var picture = NetVips.Image.NewFromFile(SharedData.Require("oracle", file));
        return tensor(picture.WriteToMemory<byte>())
            .view(1, picture.Height, picture.Width, 3)
            .permute(0, 3, 1, 2)
            .to(ScalarType.Float32)
            .div_(255)
            .contiguous();
    }

    private static Tensor ReadArray(string file, long[] shape)
    {
        var bytes = File.ReadAllBytes(SharedData.Require("oracle", file));
        var start = 10 + BitConverter.ToUInt16(bytes, 8); // after the header of version 1
        return (bytes.Length - start) / shape.Aggregate(1L, (product, side) => product * side) == 8
            ? tensor(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, double>(bytes.AsSpan(start)).ToArray(), shape)
                .to(ScalarType.Float32)
            : tensor(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(bytes.AsSpan(start)).ToArray(), shape);
    }
}
