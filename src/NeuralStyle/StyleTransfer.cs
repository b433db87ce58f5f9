using NeuralStyle.Imaging;
using NeuralStyle.Memory;
using NeuralStyle.Runs;
using NeuralStyle.Runs.Checkpoints;
using NeuralStyle.Runtime;
using NeuralStyle.Scales;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;
using static TorchSharp.torch;

namespace NeuralStyle;

/// <summary>
/// Neural style transfer by optimisation (Gatys, Ecker, Bethge 2016), from coarse to fine: each scale starts from the enlarged
/// result of the previous one.
/// </summary>
public static class StyleTransfer
{
    /// <summary>Makes a picture. Returns when it is done: use a separate thread where that would block a user interface.</summary>
    /// <param name="inputs">Content, styles and masks.</param>
    /// <param name="weights">The network's weights.</param>
    /// <param name="settings">All other settings of the picture; null for the defaults.</param>
    /// <param name="run">Device, memory, progress and checkpoints; null for the CPU and none of the others.</param>
    /// <param name="cancellation">Ends the run early, after the current iteration, with the picture so far.</param>
    /// <exception cref="InvalidInputException">
    /// Settings out of range, layers that the weights do not reach, or a checkpoint that cannot be continued from.
    /// </exception>
    /// <exception cref="OperationCanceledException">
    /// Cancelled while pictures were decoded for the first iteration: there is no picture yet.
    /// </exception>
    /// <exception cref="RunFailedException">libtorch cannot be loaded.</exception>
    /// <example><code>
    /// using var content = Picture.Load("photo.jpg");
    /// using var style = Picture.Load("painting.jpg");
    /// using var result = StyleTransfer.Run(new StyleInputs(content, style), BuiltInNetwork.Create());
    /// result.Save("out.png");
    /// </code></example>
    public static StyleResult Run(StyleInputs inputs, VggWeights weights, StyleSettings? settings = null, RunSettings? run = null,
        CancellationToken cancellation = default)
    {
        (settings, run) = (settings ?? new StyleSettings(), run ?? new RunSettings());
        settings.Validate();
        inputs.Validate(settings);
        TorchRuntime.Initialize(run.Threads);
        var scales = ScaleSchedule.For(inputs.Content.Size, settings);
        if (run.Notice is not null)
        {
            foreach (var notice in SizeNotices.For(inputs.Content.Size, inputs.Styles.Select(style => style.Size).ToArray(), settings))
                run.Notice(notice);
        }
        using var own = run.Film is not null ? null : Networks.Create(weights, settings, run.Device);
        var network = run.Film?.Network ?? own!;
        if (own is not null) ManagedMemory.Compact();
        using var use = run.Cache?.Take();
        var targets = run.Film?.Targets ?? run.Cache?.Targets(inputs, weights, settings, run.Device);
        network.Require(settings.UsedLayers);
        if (run.Notice is not null && settings.RescaleClassicLosses && PublishedScale.Differs(network, settings.UsedLayers.ToArray()))
            run.Notice("the weights of the classic losses were published for VGG-19, and the activations of this network have another "
                + "size: they are rescaled, but colours may be iridescent, which they are not with VGG-19");

        var checkpoints = run.Checkpoint is null ? null : new RunCheckpoints(run.Checkpoint);
        var plans = Plan(network, inputs, settings, scales, run, checkpoints);
        var choices = plans.Select(plan => plan.Memory.Choice).ToArray();
        using var content = new RenderedTwice(inputs.Content);
        var pictures = inputs with { Content = content.Source };
        using var state = checkpoints?.Restore(settings, scales, choices, network.Device)
            ?? RunState.Start(pictures.StoppedBy(cancellation), settings, scales[0], choices[0], network.Device);
        var clock = new RunClock(scales, checkpoints?.SecondsBefore ?? 0);
        using var reports = run.Progress is null ? null
            : new ProgressReporter(run.Progress, scales, clock, run.LossesAtATime ?? LossQueue.AtATime(network.Device));

        while (true)
        {
            var rendering = state.HasBegun ? CancellationToken.None : cancellation; // later there is a picture to return
            clock.Begin(state.Scale);
            using var stage = Begin(() => new Stage(network, pictures, settings, plans[state.Scale],
                state.Scale == scales.Count - 1, rendering, run.Film, targets));
            content.Forget();
            checkpoints?.Check(stage.Evaluator.Terms.Count);
            while (!stage.IsDone(state) && !cancellation.IsCancellationRequested)
            {
                using var quiet = ManagedMemory.Undisturbed();
                using var step = NewDisposeScope();
                stage.Match(state);
                var evaluated = state.Step(stage.Evaluator);
                clock.Count();
                reports?.Report(state, evaluated, stage.Evaluator.Terms, () => stage.PictureOf(state));
                checkpoints?.SaveIfDue(state, clock, choices);
            }

            var last = state.Scale == scales.Count - 1;
            var completed = last && stage.IsDone(state);
            if (last || cancellation.IsCancellationRequested)
            {
                if (!completed) checkpoints?.Save(state, clock, choices);
                reports?.Finish();
                return new StyleResult(stage.PictureOf(state), completed, completed || state.HasBegun)
                {
                    Origin = new RunOrigin(inputs, weights, settings),
                    Painting = run.Film is null ? null : stage.PaintingOf(state),
                };
            }
            state.Enlarge(pictures, scales[state.Scale], scales[state.Scale + 1], choices[state.Scale + 1]);
        }
    }

    private static Stage Begin(Func<Stage> stage)
    {
        using var phase = RunProfile.Of("targets");
        return stage();
    }

    /// <summary>
    /// Plans every scale: the last must fit into memory before the first begins, and a run that is continued keeps its plan.
    /// </summary>
    private static StagePlan[] Plan(VggNetwork network, StyleInputs inputs, StyleSettings settings, IReadOnlyList<Scale> scales,
        RunSettings run, RunCheckpoints? checkpoints)
    {
        var planner = new MemoryPlanner(network, settings, run.Memory);
        // the last scale first: what does not fit is then told of the size that was asked for
        var plans = scales.Reverse().Select(scale => StagePlan.For(planner, inputs, settings, scale)).ToArray().Reverse().ToArray();
        if (checkpoints?.Read(scales.Count, network.Device) is { } chosen)
        {
            plans = scales.Zip(chosen, (scale, choice) => StagePlan.For(planner, inputs, settings, scale, choice)).ToArray();
            if (!plans.Select(plan => plan.Memory.Choice).SequenceEqual(chosen))
                run.Checkpoint!.Warning?.Invoke("the run began with more memory: smaller tiles or a shorter StyleSettings.History may "
                    + "change the last bits of the picture");
        }
        foreach (var plan in plans) run.Memory?.Notice?.Invoke(plan.Describe(settings));
        return plans;
    }
}
