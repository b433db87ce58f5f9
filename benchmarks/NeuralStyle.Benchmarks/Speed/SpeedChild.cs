using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using NeuralStyle.Evaluation;
using NeuralStyle.Losses;
using NeuralStyle.Runtime;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;
using static TorchSharp.torch;

namespace NeuralStyle.Benchmarks.Speed;

/// <summary>What one child process measured.</summary>
/// <param name="Seconds">Wall time of each evaluation after the first.</param>
/// <param name="CpuSeconds">User and system time of each.</param>
/// <param name="FirstSeconds">From the start of the process to the end of the first evaluation.</param>
/// <param name="PeakMegabytes">Largest resident memory of the process.</param>
internal sealed record ChildResult(double[] Seconds, double[] CpuSeconds, double FirstSeconds, double PeakMegabytes);

/// <summary>One way to evaluate at one size in a process of its own: allocators, thread pools and peaks do not mix.</summary>
internal static class SpeedChild
{
    public static int Run(string[] args)
    {
        if (args[0] is "plain") NativeStart.Plain();
        else TorchRuntime.Initialize();
        using var scope = NewDisposeScope();
        Console.WriteLine(args switch
        {
            ["peak"] => JsonSerializer.Serialize(PeakGigaflops()),
            ["optimisers"] => JsonSerializer.Serialize(OptimiserSteps.Measure(512)),
            [var way, var size, var repeats] => JsonSerializer.Serialize(
                Evaluations(way, int.Parse(size, CultureInfo.InvariantCulture), int.Parse(repeats, CultureInfo.InvariantCulture))),
            _ => throw new ArgumentException("expected peak, optimisers, or plain|ours|ours-w2 SIZE REPEATS", nameof(args)),
        });
        return 0;
    }

    private static ChildResult Evaluations(string way, int size, int repeats)
    {
        using var image = FullWidth.Picture(size, 1);
        using var style = FullWidth.Picture(size, 2);
        return way == "plain" ? Plain(image, style, repeats) : Ours(image, style, repeats, way);
    }

    /// <summary>The best of ten products of 2048×2048 float32 matrices.</summary>
    private static double PeakGigaflops()
    {
        using var a = rand(2048, 2048);
        var best = double.PositiveInfinity;
        for (var i = 0; i < 10; i++)
        {
            var clock = Stopwatch.StartNew();
            a.mm(a).Dispose();
            best = Math.Min(best, clock.Elapsed.TotalSeconds);
        }
        return 2 * Math.Pow(2048, 3) / best / 1e9;
    }

    private static ChildResult Ours(Tensor image, Tensor style, int repeats, string way)
    {
        var weights = FullWidth.Weights();
        var settings = new StyleSettings { ContentWeight = 0, TotalVariationWeight = 0, StyleLoss = way == "ours"
            ? StyleLossKind.Gram
            : StyleLossKind.RelativeW2 };
        using var network = new VggNetwork(weights, new NetworkOptions());
        using var objective = ObjectiveBuilder.Build(network, image, [style], [1], settings);
        using var evaluator = new WholeImageEvaluator(network, objective);
        return Measure(repeats, () =>
        {
            using var evaluated = evaluator.Evaluate(image);
            evaluated.ReadTotal();
        });
    }

    private static ChildResult Plain(Tensor image, Tensor style, int repeats)
    {
        using var plain = new PlainEvaluation(FullWidth.Weights(), style);
        return Measure(repeats, () => plain.Evaluate(image).Gradient.Dispose());
    }

    private static ChildResult Measure(int repeats, Action evaluate)
    {
        using var process = Process.GetCurrentProcess();
        evaluate();
        var first = (DateTime.Now - process.StartTime).TotalSeconds;
        var (seconds, cpu) = (new double[repeats], new double[repeats]);
        for (var i = 0; i < repeats; i++)
        {
            var (clock, before) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
            evaluate();
            (seconds[i], cpu[i]) = (clock.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - before).TotalSeconds);
        }
        process.Refresh();
        return new ChildResult(seconds, cpu, first, process.PeakWorkingSet64 / 1e6);
    }
}
