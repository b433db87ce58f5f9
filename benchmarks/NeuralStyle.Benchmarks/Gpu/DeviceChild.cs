using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using NeuralStyle.Benchmarking;
using NeuralStyle.Benchmarks.Quality;
using NeuralStyle.Evaluation;
using NeuralStyle.Losses;
using NeuralStyle.Memory;
using NeuralStyle.Optimization;
using NeuralStyle.Runtime;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;
using NeuralStyle.Weights;
using NeuralStyle.Weights.BuiltIn;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Benchmarks.Gpu;

/// <summary>What one child process measured on a device.</summary>
/// <param name="Loss">Of the picture that all processes read.</param>
/// <param name="Seconds">Median of single evaluations, each waited for.</param>
/// <param name="IterationSeconds">Of an iteration of Adam, many in a row and only the last waited for.</param>
/// <param name="DeviceMegabytes">See <see cref="DeviceMemory"/>; null where it is not known.</param>
/// <param name="HostMegabytes">Largest resident memory of the process.</param>
internal sealed record DeviceResult(double Loss, double Seconds, double IterationSeconds, double? DeviceMegabytes, double HostMegabytes);

/// <summary>
/// One measurement on a device in a process of its own: memory that libtorch has taken and algorithms that it has chosen do not mix.
/// </summary>
internal static class DeviceChild
{
    public const string Name = "device-child";

    /// <summary>Σ mean (G−A)² over the layers: Gatys's loss times 4, each layer with weight 1.</summary>
    private static readonly StyleSettings s_gramLosses = new()
    {
        ContentWeight = 0, TotalVariationWeight = 0, StyleLoss = StyleLossKind.Gatys,
        StyleLayers = Speed.FullWidth.Layers.Select(layer => new LayerWeight(layer))
            .ToArray(), StyleWeight = 4 * Speed.FullWidth.Layers.Count,
    };

    public static int Run(string[] args)
    {
        TorchRuntime.Initialize();
        using var scope = NewDisposeScope();
        Console.WriteLine(args switch
        {
            ["evaluate", var device, var precision, var search, var order, var size, var repeats, var folder] =>
                JsonSerializer.Serialize(Evaluate(Select(device, precision, search), ValueNames.Parse<MemoryOrder>("--order", order),
                    new SharedInputs(folder), (Whole(size), Whole(repeats)))),
            ["curve", var device, var precision, var search, var size, var iterations, .. var weights] => JsonSerializer.Serialize(
                Curve(Select(device, precision, search), Whole(size), Whole(iterations), weights.FirstOrDefault())),
            _ => throw new ArgumentException("expected evaluate DEVICE PRECISION SEARCH ORDER SIZE REPEATS FOLDER, or curve DEVICE "
                + "PRECISION SEARCH SIZE ITERATIONS [WEIGHTS]", nameof(args)),
        });
        return 0;
    }

    private static int Whole(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static Device Select(string device, string precision, string search)
    {
        var selected = ComputeDevice.Select(device);
        ComputeTuning.Use(selected, new ComputeSettings(ValueNames.Parse<ConvolutionPrecision>("--precision", precision),
            bool.Parse(search)));
        return selected;
    }

    private static DeviceResult Evaluate(Device device, MemoryOrder order, SharedInputs inputs, (int Size, int Repeats) plan)
    {
        var (size, repeats) = plan;
        var before = Megabytes(device);
        using var network = new VggNetwork(inputs.ReadWeights(), new NetworkOptions(), device, ScalarType.Float32, null,
            channelsLast: order == MemoryOrder.ChannelsLast, precision: ComputeTuning.OnCpu(s_gramLosses.MostIterations()));
        using var image = inputs.ReadPicture(size, SharedInputs.Image).to(device);
        using var style = inputs.ReadPicture(size, SharedInputs.Style).to(device);
        using var objective = ObjectiveBuilder.Build(network, image, [style], [1], s_gramLosses);
        using var evaluator = RecordedEvaluator.OfWholePictures(network, objective, (long)size * size);
        double loss;
        using (var first = evaluator.Evaluate(image)) loss = first.ReadTotal();
        evaluator.Evaluate(image).Dispose(); // records
        var seconds = Enumerable.Range(0, repeats)
            .Select(_ => Seconds(device, () => evaluator.Evaluate(image).Dispose()))
            .Order()
            .ToArray();

        using var x = image.clone();
        using var adam = new Adam(0.02, range: (0, 1));
        adam.Step(x, evaluator.Evaluate).Dispose();
        var all = Seconds(device, () =>
        {
            for (var i = 0; i < repeats; i++)
            {
                using var step = NewDisposeScope();
                adam.Step(x, evaluator.Evaluate);
            }
        });
        using var process = Process.GetCurrentProcess();
        return new DeviceResult(loss, (seconds[(repeats - 1) / 2] + seconds[repeats / 2]) / 2, all / repeats, Megabytes(device) - before,
            process.PeakWorkingSet64 / 1e6);
    }

    /// <summary>The total losses of a run of Adam with the default preset's losses, on the project's first pair of pictures.</summary>
    private static double[] Curve(Device device, int size, int iterations, string? weightsFile)
    {
        var weights = weightsFile is null ? BuiltInNetwork.Create() : WeightsFile.Load(weightsFile);
        var settings = Presets.Find("default") with { Optimizer = OptimizerKind.Adam };
        var pair = Pair.Usual().FirstOrDefault() ?? throw new InvalidInputException(Pair.NotThere);
        using var network = Networks.Create(weights, settings, device);
        using var content = PictureFiles.Read(pair.Content, size).to(device);
        using var style = PictureFiles.Read(pair.Style, size).to(device);
        using var objective = ObjectiveBuilder.Build(network, content, [style], [1], settings);
        using var evaluator = new WholeImageEvaluator(network, objective);
        using var x = content.clone();
        using var adam = new Adam(settings.LearningRate, range: (0, 1));
        List<Tensor> totals = [];
        for (var i = 0; i < iterations; i++)
        {
            using var step = NewDisposeScope();
            totals.Add(adam.Step(x, evaluator.Evaluate).Total.MoveToOuterDisposeScope());
        }
        return stack(totals).to(ScalarType.Float64).cpu().data<double>().ToArray();
    }

    private static double Seconds(Device device, Action action)
    {
        Stopwatches.Wait(device); // for what was told before
        return Stopwatches.Seconds(action, device);
    }

    private static double? Megabytes(Device device) =>
        device.type == DeviceType.CUDA ? GpuMemory.Used(Math.Max(0, device.index)) / 1e6 : null;
}
