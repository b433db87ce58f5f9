using System.Diagnostics;
using NeuralStyle.Control;
using NeuralStyle.Evaluation;
using NeuralStyle.Imaging;
using NeuralStyle.Optimization;
using NeuralStyle.Vgg;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle;

/// <summary>The result of a run.</summary>
/// <param name="Image">1×3×H×W in [0, 1] on the CPU; owned by the caller.</param>
/// <param name="Completed">False when the run was cancelled and the image is the best so far.</param>
public sealed record StyleResult(Tensor Image, bool Completed) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Image.Dispose();
}

/// <summary>
/// Neural style transfer by optimisation (Gatys, Ecker, Bethge 2016), from coarse to fine: each scale starts from the enlarged
/// result of the one before it.
/// </summary>
public static class StyleTransfer
{
    /// <summary>Makes a picture.</summary>
    /// <param name="inputs">Content, styles and their weights.</param>
    /// <param name="weights">The network's weights.</param>
    /// <param name="settings">Everything else that decides the result.</param>
    /// <param name="device">Where to compute; null means the CPU.</param>
    /// <param name="progress">Told behind every iteration, on this thread.</param>
    /// <param name="cancellation">Ends the run early with the picture so far.</param>
    /// <exception cref="InvalidInputException">Settings out of range, or layers that the weights do not reach.</exception>
    public static StyleResult Run(StyleInputs inputs, VggWeights weights, StyleSettings settings, Device? device = null,
        IProgress<RunProgress>? progress = null, CancellationToken cancellation = default)
    {
        settings.Validate();
        inputs.Validate();
        var scales = ScaleSchedule.For(inputs.Content.Size, settings);
        using var network = new VggNetwork(weights, settings.NetworkFor(weights), device);
        network.Require(settings.ContentLayers.Concat(settings.StyleLayers).Where(layer => layer.Weight != 0).Select(layer => layer.Layer));
        var clock = Stopwatch.StartNew();
        var work = scales.Sum(scale => (double)scale.Size.Pixels * scale.Iterations);
        var done = 0.0;

        Tensor? image = null; // the iterate
        Tensor? finished = null; // the picture made of it
        IReadOnlyDictionary<string, Tensor>? moments = null; // the optimiser's state at the scale before
        for (var index = 0; index < scales.Count; index++)
        {
            var (size, iterations) = scales[index];
            using var scope = NewDisposeScope();
            using var objective = BuildObjective(network, inputs, size, settings);
            var guard = ProtectedPixels.Render(inputs, size, network.Device);
            using var evaluator = CreateEvaluator(network, objective, guard);
            using var average = new IterateAverage(settings.AverageDecay);
            using var optimizer = Create(settings);
            var x = image is null ? StartImages.Render(settings, inputs, size).to(network.Device) : Enlarged(image, size, settings);
            image?.Dispose();
            if (moments is not null) optimizer.RestoreState(Resized(moments, size));

            for (var iteration = 1; iteration <= iterations && !cancellation.IsCancellationRequested; iteration++)
            {
                using var step = NewDisposeScope();
                var evaluated = optimizer.Step(x, evaluator.Evaluate);
                average.Update(x);
                done += size.Pixels;
                progress?.Report(new RunProgress
                {
                    Scale = index, Scales = scales.Count, Size = size, Iteration = iteration, Iterations = iterations,
                    Fraction = done / work, Seconds = clock.Elapsed.TotalSeconds,
                    ReadLosses = () => new LossReport(evaluated.ReadTotal(), evaluator.Terms, evaluated.ReadRaw()),
                    Snapshot = () => Finish(average.Value(x), inputs, settings, guard).cpu().DetachFromDisposeScope(),
                });
            }

            image = average.Value(x).DetachFromDisposeScope();
            finished?.Dispose();
            finished = Finish(image, inputs, settings, guard).DetachFromDisposeScope();
            Free(moments);
            moments = settings.Optimizer == OptimizerKind.Adam ? Detached(optimizer.SaveState()) : null;
            if (cancellation.IsCancellationRequested) break;
        }

        Free(moments);
        var completed = done >= work;
        image!.Dispose();
        var result = finished!.cpu();
        if (!ReferenceEquals(result, finished)) finished!.Dispose();
        return new StyleResult(result.DetachFromDisposeScope(), completed);
    }

    private static Objective BuildObjective(VggNetwork network, StyleInputs inputs, PixelSize size, StyleSettings settings)
    {
        using var scope = NewDisposeScope();
        var content = inputs.Content.Render(size);
        var styles = inputs.Styles.Select(style => Recolored(style.Render(ScaleSchedule.StyleSizeAt(style.Size, size, settings)), content, settings.Color)).ToArray();
        var regions = StyleRegions.Render(inputs, size, styles.Select(ImageTensor.SizeOf).ToArray());
        return ObjectiveBuilder.Build(network, content.to(network.Device), styles.Select(style => style.to(network.Device)).ToArray(),
            inputs.StyleWeights ?? styles.Select(_ => 1.0).ToArray(), settings, regions?.To(network.Device));
    }

    private static Tensor Recolored(Tensor style, Tensor content, ColorMode mode) => mode switch
    {
        ColorMode.Match => ColorTransfer.MatchLinear(style, content),
        ColorMode.Content => ColorTransfer.MatchHistogram(style, content),
        _ => style,
    };

    private static IEvaluator CreateEvaluator(VggNetwork network, Objective objective, ProtectedPixels? guard)
    {
        var evaluator = new WholeImageEvaluator(network, objective);
        return guard is null ? evaluator : new ProtectedEvaluator(evaluator, guard.Content, guard.Mask);
    }

    /// <summary>The picture that an iterate stands for: colours of the content where asked for, and its protected pixels. A new tensor.</summary>
    private static Tensor Finish(Tensor image, StyleInputs inputs, StyleSettings settings, ProtectedPixels? guard)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var picture = image;
        if (settings.Color == ColorMode.Luminance)
            picture = ColorTransfer.Luminance(picture, inputs.Content.Render(ImageTensor.SizeOf(picture)).to(picture.device));
        if (guard is not null) picture = picture.lerp(guard.Content, guard.Mask);
        return (ReferenceEquals(picture, image) ? image.clone() : picture).MoveToOuterDisposeScope();
    }

    private static Tensor Enlarged(Tensor image, PixelSize size, StyleSettings settings) =>
        settings.Padding == PaddingMode.Circular ? ImageTensor.ResizeTile(image, size) : ImageTensor.Resize(image, size);

    private static IOptimizer Create(StyleSettings settings) => settings.Optimizer switch
    {
        OptimizerKind.Adam => new Adam(settings.LearningRate, range: (0, 1)),
        OptimizerKind.Lbfgs => new Lbfgs(settings.History, settings.LearningRate),
        _ => throw new ArgumentOutOfRangeException(nameof(settings)),
    };

    /// <summary>Adam's moments at the size of the next scale, so that it need not warm up again.</summary>
    private static Dictionary<string, Tensor> Resized(IReadOnlyDictionary<string, Tensor> state, PixelSize size) => state.ToDictionary(
        entry => entry.Key,
        entry => entry.Value.dim() == 4
            ? nn.functional.interpolate(entry.Value, [size.Height, size.Width], mode: InterpolationMode.Bilinear, align_corners: false)
            : entry.Value);

    private static Dictionary<string, Tensor> Detached(IReadOnlyDictionary<string, Tensor> state) =>
        state.ToDictionary(entry => entry.Key, entry => entry.Value.DetachFromDisposeScope());

    private static void Free(IReadOnlyDictionary<string, Tensor>? state)
    {
        foreach (var value in state?.Values ?? []) value.Dispose();
    }
}
