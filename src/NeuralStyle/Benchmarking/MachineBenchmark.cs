using NeuralStyle.Imaging;
using NeuralStyle.Memory;
using NeuralStyle.Runs;
using NeuralStyle.Runtime;
using NeuralStyle.Scales;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;
using TorchSharp;

namespace NeuralStyle.Benchmarking;

/// <summary>How much to measure.</summary>
/// <param name="Sides">Sides of the square pictures to evaluate, growing.</param>
/// <param name="Repeats">Evaluations of each picture after the first.</param>
/// <param name="MatrixSide">Side of the matrices for the peak speed.</param>
internal sealed record BenchmarkPlan(IReadOnlyList<int> Sides, int Repeats, int MatrixSide)
{
    /// <summary>About a minute with VGG-19 on two cores.</summary>
    public static BenchmarkPlan Full { get; } = new([128, 256, 512, 1024], 3, 2048);

    /// <summary>A few seconds, at sizes that differ more from those of real runs.</summary>
    public static BenchmarkPlan Quick { get; } = new([128, 256], 1, 2048);

    /// <summary>Long sides of the estimated runs.</summary>
    public static IReadOnlyList<int> EstimatedSizes { get; } = [512, 1024, 2048, 4096];
}

/// <summary>Times evaluations on this machine, and estimates the times of runs.</summary>
/// <param name="weights">The network.</param>
/// <param name="plan">How much to measure.</param>
/// <param name="device">Where.</param>
/// <param name="memory">What a run may take.</param>
/// <param name="progress">Receives, in a few words, what is timed next.</param>
internal sealed class MachineBenchmark(VggWeights weights, BenchmarkPlan plan, torch.Device device, MemorySettings memory,
    IProgress<string>? progress = null)
{
    private const int LargestOfOthers = 512; // for presets that do not evaluate like the default; larger sizes are extrapolated
    private const int LargerOnGpu = 4; // a small product is over before all of it works

    private readonly MemorySettings _memory = memory with { Budget = memory.Budget ?? MemoryBudget.Default(device) };
    private readonly StyleSettings _default = Presets.Find("default");
    private readonly Dictionary<EvaluationKind, SpeedCurve> _curves = [];
    private readonly Dictionary<(OptimizerKind, int), double> _steps = []; // seconds for each pixel, by optimiser and history

    /// <summary>Measures.</summary>
    /// <exception cref="InvalidInputException">The weights do not reach the layers of the presets.</exception>
    public MachineReport Run()
    {
        using var network = Networks.Create(weights, _default, device); // only for planning: timings create their own
        network.Require(Presets.All.SelectMany(preset => preset.Settings.UsedLayers));
        progress?.Report("matrix product");
        var precision = ComputeTuning.On(device, _default.MostIterations());
        var peak = Stopwatches.MatrixProduct(plan.MatrixSide * (device.type == DeviceType.CUDA ? LargerOnGpu : 1), 10, device, precision);
        var timed = Timed(network, _default, plan.Sides);
        _curves.Add(EvaluationKind.Of(_default), new SpeedCurve(timed));
        var capacity = Capacity.Of(network, _default, _memory.Budget!.Value);
        return new MachineReport(RunRecord.CurrentVersion, device.ToString(), torch.get_num_threads(), weights.Name, precision, peak / 1e9,
            plan.Sides.Zip(timed, (side, time) => Speed(side, time.Seconds, peak)).ToArray(),
            _memory.Budget.Value, Megapixels(capacity.Whole), Megapixels(capacity.InTiles),
            Presets.All.Select(preset => new PresetEstimate(preset.Name, BenchmarkPlan.EstimatedSizes.ToDictionary(size => size,
                size => Estimate(network, preset.Settings with { Size = size })))).ToArray());
    }

    private double? Estimate(VggNetwork network, StyleSettings settings)
    {
        try
        {
            var scales = ScaleSchedule.For(new PixelSize(4, 3), settings);
            var planner = new MemoryPlanner(network, settings, _memory);
            return RunEstimate.Seconds(scales, settings, Curve(network, settings), Step(settings),
                scale => planner.Plan(scale.Worked, scale.Worked, scale.Iterations));
        }
        catch (InvalidInputException)
        {
            return null; // does not fit into memory
        }
    }

    private SpeedCurve Curve(VggNetwork network, StyleSettings settings)
    {
        var kind = EvaluationKind.Of(settings);
        if (!_curves.TryGetValue(kind, out var curve))
            _curves.Add(kind, curve = new SpeedCurve(Timed(network, settings, plan.Sides.Where(side => side <= LargestOfOthers))));
        return curve;
    }

    private double Step(StyleSettings settings)
    {
        var key = (settings.Optimizer, settings.Optimizer == OptimizerKind.Adam ? 0 : settings.History);
        if (!_steps.TryGetValue(key, out var seconds))
            _steps.Add(key, seconds = Stopwatches.OptimizerStep(settings, new PixelSize(256, 256), 10, device));
        return seconds;
    }

    /// <summary>The smallest size, and the other sizes that fit into memory whole.</summary>
    private TimedSize[] Timed(VggNetwork network, StyleSettings settings, IEnumerable<int> sides) =>
        sides.Select(side => new PixelSize(side, side))
        .Where((size, index) => index == 0
            || new MemoryPlanner(network, settings, _memory with { Tile = null, Whole = true }).Plan(size, size).Bytes <= _memory.Budget)
        .Select(size =>
        {
            progress?.Report($"{size} pixels, preset {settings.Preset}");
            return new TimedSize(size.Pixels, Stopwatches.Evaluation(weights, settings, size, plan.Repeats, device));
        }).ToArray();

    private EvaluationSpeed Speed(int side, double seconds, double peak)
    {
        var operations = EvaluationCost.Operations(weights.Convolutions, EvaluationCost.Deepest(_default), new PixelSize(side, side));
        return new EvaluationSpeed(side, side, seconds, operations / 1e9, operations / seconds / 1e9, operations / seconds / peak);
    }

    private static double Megapixels(int side) => side * (double)side / 1e6;

    /// <summary>The settings that the time of an evaluation depends on; presets that agree in them are timed once.</summary>
    private sealed record EvaluationKind(Pooling Pooling, PaddingMode? Padding, Losses.StyleLossKind Style, bool HasContent,
        bool HasVariation, ConvolutionPrecision Precision, string Layers)
    {
        public static EvaluationKind Of(StyleSettings settings) =>
            new(settings.Pooling, settings.Padding, settings.StyleLoss, settings.WeighsContent, settings.TotalVariationWeight > 0,
            ComputeTuning.OnCpu(settings.MostIterations()), string.Join(',', settings.UsedLayers));
    }
}
