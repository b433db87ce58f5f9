using NeuralStyle.Benchmarks.Quality;
using NeuralStyle.Evaluation;
using NeuralStyle.Evaluation.Tiling;
using NeuralStyle.Matching;
using NeuralStyle.Runtime;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;
using NeuralStyle.Weights;
using NeuralStyle.Weights.BuiltIn;
using TorchSharp;
using static NeuralStyle.Benchmarks.CommandLine;
using static TorchSharp.torch;

namespace NeuralStyle.Benchmarks.Gpu;

/// <summary>
/// <c>device --check</c>: losses and gradients of every preset on the device and on the CPU in float32, each against the CPU in float64,
/// which takes other code: plain convolutions and automatic differentiation.
/// </summary>
internal static class DeviceCheck
{
    private const double Allowed = 1e-4, AllowedGradient = 1e-3; // of float32
    private const int TileSide = 64;

    /// <summary>How far an evaluation is from the reference, as a share of it.</summary>
    private readonly record struct Apart(double Loss, double Gradient);

    private sealed record Answer(double Total, double[] Gradient);

    public static int Run(DeviceOptions options)
    {
        var device = ComputeDevice.Select(options.Device);
        var pair = Pair.Usual().FirstOrDefault() ?? throw new InvalidInputException(Pair.NotThere);
        var weights = options.Weights is { } file ? WeightsFile.Load(file) : BuiltInNetwork.Create();
        var size = options.Sizes[0];
        using var scope = NewDisposeScope();
        var (content, style) = (PictureFiles.Read(pair.Content, size), PictureFiles.Read(pair.Style, size));
        using var generator = new Generator(1, CPU);
        var picture = (content * 0.7 + style.mean() * 0.3 + 0.1 * (rand(content.shape, generator: generator) - 0.5)).clamp_(0, 1);
        Print($"losses and gradients at {size} pixels with {weights.Name}; relative differences from the CPU in float64");
        Print($"{"preset",10} {"cpu loss",9} {"gradient",9}  {string.Join("  ", options.Precisions.SelectMany(precision => (string[])[
            $"{ValueNames.Of(precision),9}", $"{"gradient",9}"]))}  {"tiled",9} {"gradient",9}");
        var right = true;
        foreach (var preset in Presets.All)
        {
            using var step = NewDisposeScope();
            Answer On(Device at, ScalarType type, bool tiled) => Evaluate(weights, preset.Settings, at, type, tiled,
                (content, style, picture));
            var reference = On(CPU, ScalarType.Float64, tiled: false);
            var here = options.Precisions.Select(precision =>
            {
                ComputeTuning.Use(device, new ComputeSettings(precision));
                return Compare(reference, On(device, ScalarType.Float32, tiled: false));
            }).ToArray();
            ComputeTuning.Use(device, new ComputeSettings(ConvolutionPrecision.Float32));
            var cpu = Compare(reference, On(CPU, ScalarType.Float32, tiled: false));
            var tiles = Compare(reference, On(device, ScalarType.Float32, tiled: true));
            right &= options.Precisions.Zip(here).Where(pair => pair.First == ConvolutionPrecision.Float32)
                .All(pair => pair.Second.Loss <= Allowed && pair.Second.Gradient <= AllowedGradient);
            Print($"{preset.Name,10} {Text(cpu)}  {string.Join("  ", here.Select(Text))}  {Text(tiles)}");
        }
        return right ? 0 : 1;
    }

    private static string Text(Apart apart) => $"{apart.Loss,9:0.0e+0} {apart.Gradient,9:0.0e+0}";

    private static Answer Evaluate(VggWeights weights, StyleSettings settings, Device device, ScalarType type, bool tiled,
        (Tensor Content, Tensor Style, Tensor Picture) pictures)
    {
        using var scope = NewDisposeScope();
        using var network = Networks.Create(weights, settings, device, type);
        var (content, style, picture) = (pictures.Content.to(type, device), pictures.Style.to(type, device),
            pictures.Picture.to(type, device));
        using var objective = MatchedObjective.Build(network, content, [style], [1], settings, picture);
        using IEvaluator evaluator = tiled
            ? new TiledEvaluator(network, objective, new TileSize(TileSide))
            : new WholeImageEvaluator(network, objective);
        using var answer = evaluator.Evaluate(picture);
        return new Answer(answer.ReadTotal(), answer.Gradient.to(ScalarType.Float64).cpu().data<double>().ToArray());
    }

    private static Apart Compare(Answer reference, Answer other)
    {
        var (squares, energy) = (0.0, 0.0);
        for (var i = 0; i < reference.Gradient.Length; i++)
        {
            squares += Math.Pow(other.Gradient[i] - reference.Gradient[i], 2);
            energy += Math.Pow(reference.Gradient[i], 2);
        }
        return new Apart(Math.Abs(other.Total - reference.Total) / Math.Abs(reference.Total), Math.Sqrt(squares / energy));
    }
}
