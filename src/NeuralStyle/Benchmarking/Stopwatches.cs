using System.Diagnostics;
using NeuralStyle.Evaluation;
using NeuralStyle.Matching;
using NeuralStyle.Imaging;
using NeuralStyle.Optimization;
using NeuralStyle.Runtime;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Benchmarking;

/// <summary>Times the parts of a run on a device.</summary>
internal static class Stopwatches
{
    /// <summary>Operations per second of the fastest of several products of two square matrices.</summary>
    /// <param name="side">Of the matrices.</param>
    /// <param name="repeats">Products.</param>
    /// <param name="device">Where.</param>
    /// <param name="precision">How it multiplies, so that convolutions of this precision can be compared.</param>
    public static double MatrixProduct(int side, int repeats, Device device, ConvolutionPrecision precision)
    {
        using var scope = NewDisposeScope();
        using var a = rand(side, side, device: device)
            .to(precision == ConvolutionPrecision.Bfloat16 ? ScalarType.BFloat16 : ScalarType.Float32);
        var rounds = backends.cuda.matmul.allow_tf32;
        backends.cuda.matmul.allow_tf32 = precision == ConvolutionPrecision.Tf32;
        try
        {
            using (a.mm(a)) Wait(device);
            return 2 * Math.Pow(side, 3) / Enumerable.Range(0, repeats).Min(_ => Seconds(() => a.mm(a).Dispose(), device));
        }
        finally
        {
            backends.cuda.matmul.allow_tf32 = rounds; // runs never round here
        }
    }

    /// <summary>Seconds of one evaluation of random pictures: the median, without the first.</summary>
    public static double Evaluation(VggWeights weights, StyleSettings settings, PixelSize size, int repeats, Device device)
    {
        using var scope = NewDisposeScope();
        using var network = Networks.Create(weights, settings, device);
        using var generator = new Generator(1, CPU);
        using var image = rand([1, 3, size.Height, size.Width], generator: generator).to(device);
        using var style = rand([1, 3, size.Height, size.Width], generator: generator).to(device);
        using var objective = MatchedObjective.Build(network, image, [style], [1], settings, image);
        using var evaluator = new WholeImageEvaluator(network, objective);
        void Evaluate()
        {
            using var evaluated = evaluator.Evaluate(image);
            evaluated.ReadTotal();
        }

        Evaluate();
        var seconds = Enumerable.Range(0, repeats).Select(_ => Seconds(Evaluate, device)).Order().ToArray();
        return seconds[seconds.Length / 2];
    }

    /// <summary>Seconds of an optimiser's step per pixel, without evaluations, with a full history.</summary>
    public static double OptimizerStep(StyleSettings settings, PixelSize size, int repeats, Device device)
    {
        using var scope = NewDisposeScope();
        using var x = rand([1, 3, size.Height, size.Width], device: device);
        using var curvature = rand(x.shape, device: device).mul_(100).add_(1);
        var evaluating = new Stopwatch();
        using IOptimizer optimizer = settings.Optimizer == OptimizerKind.Adam
            ? new Adam(settings.LearningRate, range: (0, 1))
            : new Lbfgs(settings.History, settings.LearningRate);
        for (var i = 0; i <= (settings.Optimizer == OptimizerKind.Adam ? 1 : settings.History); i++) optimizer.Step(x, Quadratic).Dispose();
        evaluating.Reset();
        var whole = Seconds(() =>
        {
            for (var i = 0; i < repeats; i++) optimizer.Step(x, Quadratic).Dispose();
        }, device);
        return Math.Max(0, whole - evaluating.Elapsed.TotalSeconds) / repeats / size.Pixels;

        Evaluated Quadratic(Tensor at) // almost free to evaluate, and has a minimum
        {
            Wait(device);
            evaluating.Start();
            using var inner = NewDisposeScope();
            var gradient = curvature * at;
            var total = gradient.mul(at).sum().mul_(0.5);
            Wait(device);
            evaluating.Stop();
            return new Evaluated(total.MoveToOuterDisposeScope(), zeros(0, device: device)
                .MoveToOuterDisposeScope(), gradient.MoveToOuterDisposeScope());
        }
    }

    /// <summary>The time of an action, until the device has finished it.</summary>
    internal static double Seconds(Action action, Device device)
    {
        var clock = Stopwatch.StartNew();
        action();
        Wait(device);
        return clock.Elapsed.TotalSeconds;
    }

    /// <summary>A GPU works asynchronously: wait for it.</summary>
    internal static void Wait(Device device)
    {
        if (device.type == DeviceType.CUDA) cuda.synchronize(device);
    }
}
