using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using NeuralStyle.Benchmarks.Speed;
using NeuralStyle.Evaluation;
using NeuralStyle.Evaluation.Tiling;
using NeuralStyle.Runtime;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;
using NeuralStyle.Weights;
using static TorchSharp.torch;

namespace NeuralStyle.Benchmarks.Tiles;

/// <summary>What one process measured.</summary>
/// <param name="Seconds">The fastest evaluation after the first.</param>
/// <param name="PeakMegabytes">Largest resident memory of the process.</param>
internal sealed record TilesResult(double Seconds, double PeakMegabytes);

/// <summary>One evaluation with the losses of the preset <c>default</c>, whole or in tiles.</summary>
internal static class TilesChild
{
    private const int Repeats = 2;

    public static int Run(string[] args)
    {
        var numbers = args[1..].Select(text => long.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        TorchRuntime.Initialize();
        using var scope = NewDisposeScope();
        var weights = args[0].Length == 0 ? FullWidth.Weights() : WeightsFile.Load(args[0]);
        var settings = new StyleSettings { Padding = PaddingMode.Replicate, ContentLayers = [new(new VggLayer(4, 2))] };
        using var network = new VggNetwork(weights, settings.NetworkFor(weights));
        var tiles = numbers[2] == 0 ? TileSize.Whole : new TileSize(Pixels: numbers[2], Split: numbers[4] != 0);
        using var image = rand(1, 3, numbers[1], numbers[0]);
        using var style = FullWidth.Picture(512, 2);
        using var objective = ObjectiveBuilder.Build(network, image, [style], [1], settings, tiles: tiles);
        using IEvaluator evaluator = tiles.IsWhole
            ? new WholeImageEvaluator(network, objective)
            : new TiledEvaluator(network, objective, tiles, (int)numbers[3], (int)numbers[3]);
        var best = double.PositiveInfinity;
        for (var i = 0; i <= Repeats; i++)
        {
            var clock = Stopwatch.StartNew();
            using var evaluated = evaluator.Evaluate(image);
            evaluated.ReadTotal();
            if (i > 0) best = Math.Min(best, clock.Elapsed.TotalSeconds);
        }
        using var process = Process.GetCurrentProcess();
        Console.WriteLine(JsonSerializer.Serialize(new TilesResult(best, process.PeakWorkingSet64 / 1e6)));
        return 0;
    }
}
