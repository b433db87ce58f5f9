using NeuralStyle.Colour;
using NeuralStyle.Evaluation;
using NeuralStyle.Imaging;
using NeuralStyle.Masks;
using NeuralStyle.Memory;
using NeuralStyle.Runs;
using NeuralStyle.Runs.Checkpoints;
using NeuralStyle.Runtime;
using NeuralStyle.Runtime.Native;
using NeuralStyle.Scales;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle;

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
    /// <param name="checkpoint">Where the run saves its state and continues from; null for nowhere.</param>
    /// <param name="memory">How much the run may take, in tiles where need be; null takes pictures whole.</param>
    /// <exception cref="InvalidInputException">Settings out of range, layers that the weights do not reach, or a checkpoint that cannot be continued from.</exception>
    /// <exception cref="OperationCanceledException">Cancelled while pictures were decoded for the first iteration: there is no picture yet.</exception>
    public static StyleResult Run(StyleInputs inputs, VggWeights weights, StyleSettings settings, Device? device = null,
        IProgress<RunProgress>? progress = null, CancellationToken cancellation = default, CheckpointSettings? checkpoint = null, MemorySettings? memory = null)
    {
        settings.Validate();
        inputs.Validate();
        inputs.Agree("--style-scale", settings.StyleScale.Count == 1 ? inputs.Styles.Count : settings.StyleScale.Count, "scale");
        var scales = ScaleSchedule.For(inputs.Content.Size, settings);
        using var network = new VggNetwork(weights, settings.NetworkFor(weights), device);
        ManagedMemory.Compact();
        network.Require(settings.ContentLayers.Concat(settings.StyleLayers).Where(layer => layer.Weight != 0).Select(layer => layer.Layer));
        memory = memory is { Budget: null } ? memory with { Budget = MemoryBudget.Default(network.Device) } : memory; // once: what is free changes
        var plans = scales.Select(scale => Plan(network, inputs, scale, settings, memory)).ToArray(); // the last scale must fit before the first begins
        var checkpoints = checkpoint is null ? null : new RunCheckpoints(checkpoint);
        if (checkpoints?.Read(scales.Count, network.Device) is { } choices)
        {
            plans = scales.Select((scale, i) => Plan(network, inputs, scale, settings, memory, choices[i])).ToArray();
            if (!plans.Select(plan => plan.Choice).SequenceEqual(choices)) checkpoint!.Warning?.Invoke("the run began with more memory: smaller tiles or a shorter --history may change the last bits of the picture");
        }
        foreach (var (scale, plan) in scales.Zip(plans)) memory?.Notice?.Invoke(Describe(scale, plan, settings));
        var chosen = plans.Select(plan => plan.Choice).ToArray();
        using var state = checkpoints?.Restore(settings, scales, chosen, network.Device) ?? RunState.Start(inputs.StoppedBy(cancellation), settings, scales[0].Size, chosen[0], network.Device);
        var clock = new RunClock(scales, checkpoints?.SecondsBefore ?? 0);

        while (true)
        {
            var (size, iterations) = scales[state.Scale];
            using var scope = NewDisposeScope();
            var plan = plans[state.Scale];
            using var bound = network.Device.type == DeviceType.CPU ? NativeAllocator.KeepBelow((long)plan.Bytes) : null; // elsewhere the plan is of the device
            var bleed = Bleed.At(size, settings);
            var read = state.HasBegun ? inputs : inputs.StoppedBy(cancellation); // later there is a picture to lose
            using var objective = BuildObjective(network, read, size, bleed, settings, plan);
            var guard = ProtectedPixels.Render(read, size, bleed, network.Device);
            using var evaluator = CreateEvaluator(network, objective, guard, plan);
            while (state.Iteration < iterations && !state.Flat && !cancellation.IsCancellationRequested)
            {
                using var quiet = ManagedMemory.Undisturbed();
                using var step = NewDisposeScope();
                var evaluated = state.Step(evaluator);
                progress?.Report(new RunProgress
                {
                    Scale = state.Scale, Scales = scales.Count, Size = size, Iteration = state.Iteration, Iterations = iterations,
                    Flat = state.Flat, Fraction = clock.Fraction(state), Seconds = clock.Seconds,
                    ReadLosses = () => LossReport.Of(evaluated, evaluator.Terms),
                    HoldLosses = () => HeldLosses.Of(evaluated, evaluator.Terms),
                    Snapshot = () => Finish(state.Picture(), bleed, inputs, settings, guard).cpu().DetachFromDisposeScope(),
                });
                checkpoints?.SaveIfDue(state, clock, chosen);
            }

            var last = state.Scale == scales.Count - 1;
            var completed = last && (state.Iteration == iterations || state.Flat);
            if (cancellation.IsCancellationRequested && !completed) checkpoints?.Save(state, clock, chosen);
            if (last || cancellation.IsCancellationRequested)
                return new StyleResult(Finish(state.Picture(), bleed, inputs, settings, guard).cpu().DetachFromDisposeScope(), completed, Begun: completed || state.HasBegun);
            state.Enlarge(inputs, size, scales[state.Scale + 1].Size, chosen[state.Scale + 1]);
        }
    }

    private static MemoryPlan Plan(VggNetwork network, StyleInputs inputs, Scale scale, StyleSettings settings, MemorySettings? memory, MemoryChoice? chosen = null)
    {
        var styles = inputs.Styles.Select((style, i) => ScaleSchedule.StyleSizeAt(style.Size, scale.Size, settings, i));
        return MemoryPlan.For(network, settings, Bleed.At(scale.Size, settings).Around(scale.Size), styles.MaxBy(style => style.Pixels), memory, scale.Iterations, inputs.Protect is not null, chosen);
    }

    private static string Describe(Scale scale, MemoryPlan plan, StyleSettings settings)
    {
        var shortened = settings.Optimizer == OptimizerKind.Lbfgs && plan.Choice.History < Math.Min(settings.History, scale.Iterations);
        return $"{scale.Size} pixels {plan}{(shortened ? $"; L-BFGS remembers {plan.Choice.History} steps in place of {settings.History}" : "")}{(plan.Choice.Half ? $"; the content's activations{(settings.Optimizer == OptimizerKind.Adam ? " and Adam's moments" : "")} are kept in half precision" : "")}";
    }

    private static Objective BuildObjective(VggNetwork network, StyleInputs inputs, PixelSize size, Bleed bleed, StyleSettings settings, MemoryPlan plan)
    {
        using var scope = NewDisposeScope();
        var content = bleed.Add(inputs.Content.Render(size));
        var styles = inputs.Styles.Select((style, i) => Recolored(style.Render(ScaleSchedule.StyleSizeAt(style.Size, size, settings, i)), bleed.Cut(content), settings.Color)).ToArray();
        var regions = StyleRegions.Render(inputs, size, bleed, styles.Select(ImageTensor.SizeOf).ToArray());
        return ObjectiveBuilder.Build(network, content.to(network.Device), styles.Select(style => style.to(network.Device)).ToArray(),
            inputs.StyleWeights ?? styles.Select(_ => 1.0).ToArray(), settings, regions?.To(network.Device), plan.Tiles, plan.Choice.Half);
    }

    private static Tensor Recolored(Tensor style, Tensor content, ColorMode mode) => mode switch
    {
        ColorMode.Match => ColorTransfer.MatchLinear(style, content),
        ColorMode.Content => ColorTransfer.MatchHistogram(style, content),
        _ => style,
    };

    private static IEvaluator CreateEvaluator(VggNetwork network, Objective objective, ProtectedPixels? guard, MemoryPlan plan)
    {
        IEvaluator evaluator = plan.IsTiled ? new TiledEvaluator(network, objective, plan.Tiles, plan.Keep) : new WholeImageEvaluator(network, objective);
        return guard is null ? evaluator : new ProtectedEvaluator(evaluator, guard.Content, guard.Mask);
    }

    /// <summary>The picture that an iterate stands for: colours of the content where asked for, and its protected pixels. May share the iterate's memory.</summary>
    private static Tensor Finish(Tensor image, Bleed bleed, StyleInputs inputs, StyleSettings settings, ProtectedPixels? guard)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var picture = bleed.Cut(image);
        if (settings.Color == ColorMode.Luminance)
            picture = ColorTransfer.Luminance(picture, inputs.Content.Render(ImageTensor.SizeOf(picture)).to(picture.device));
        if (guard is not null) picture = picture.lerp(bleed.Cut(guard.Content), bleed.Cut(guard.Mask));
        return (ReferenceEquals(picture, image) ? image.alias() : picture).MoveToOuterDisposeScope();
    }
}
