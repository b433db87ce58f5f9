using NeuralStyle.Colour;
using NeuralStyle.Evaluation;
using NeuralStyle.Imaging;
using NeuralStyle.Losses;
using NeuralStyle.Masks;
using NeuralStyle.Matching;
using NeuralStyle.Runs;
using NeuralStyle.Runs.Checkpoints;
using NeuralStyle.Runtime;
using NeuralStyle.Runtime.Native;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle;

/// <summary>
/// One scale of a run: the targets, the evaluator, and the conversion of an iterate to a finished picture.
/// </summary>
internal sealed class Stage : IDisposable
{
    private readonly StyleInputs _inputs;
    private readonly StyleSettings _settings;
    private readonly StagePlan _plan;
    private readonly FilmContext? _film;
    private readonly SharedTargets? _shared;
    // tensors rendered for the scale; stages of a thread are disposed of in reverse order
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly IDisposable? _bound;
    private readonly Objective _objective;
    private readonly ProtectedPixels? _protected;
    private readonly Matcher? _matcher;
    private readonly int _splitAt; // the first iteration in which each layer is matched by itself
    private bool _matched;

    /// <summary>Renders the pictures and computes the targets.</summary>
    /// <param name="network">The network; not owned.</param>
    /// <param name="inputs">The pictures of the run.</param>
    /// <param name="settings">Everything that decides the picture.</param>
    /// <param name="plan">The scale.</param>
    /// <param name="isLast">Whether it is the last scale.</param>
    /// <param name="rendering">Stops the decoding of pictures.</param>
    /// <param name="film">The film that the picture is a frame of; null for none.</param>
    /// <param name="shared">Style targets that other runs use too; null for none.</param>
    /// <exception cref="OperationCanceledException">Decoding was stopped.</exception>
    public Stage(VggNetwork network, StyleInputs inputs, StyleSettings settings, StagePlan plan, bool isLast, CancellationToken rendering,
        FilmContext? film = null, SharedTargets? shared = null)
    {
        (_inputs, _settings, _plan, _film, _shared) = (inputs, settings, plan, film, shared);
        // on a GPU the plan is for the device's memory
        if (network.Device.type == DeviceType.CPU) _bound = NativeAllocator.KeepBelow((long)plan.Memory.Bytes);
        try
        {
            var read = rendering.CanBeCanceled ? inputs.StoppedBy(rendering) : inputs;
            _splitAt = isLast && settings.MatchingLoss == StyleLossKind.Nearest
                ? plan.Scale.Iterations - (int)Math.Round(settings.MatchSplit * plan.Scale.Iterations) : int.MaxValue;
            (_objective, _matcher) = BuildObjective(network, read);
            _protected = ProtectedPixels.Render(read, plan.Scale.Size, plan.Scale.Bleed, network.Device);
            IEvaluator evaluator = plan.Memory.IsTiled
                ? new TiledEvaluator(network, _objective, plan.Memory.Tiles, plan.Memory.Keep)
                : RecordedEvaluator.OfWholePictures(network, _objective, plan.Scale.Size.Pixels);
            if (film?.Before is { } before)
            {
                // the temporal weight is in units of the losses of this picture, and matching losses need a search before
                if (_matcher is not null) SearchFor(before.Warped, network.Device);
                evaluator = before.Add(evaluator, network.Device);
            }
            Evaluator = _protected is null ? evaluator : new ProtectedEvaluator(evaluator, _protected.Content, _protected.Mask);
        }
        catch // a picture that cannot be decoded, or a stop: the caller gets nothing to dispose of
        {
            _objective?.Dispose();
            _matcher?.Dispose();
            _bound?.Dispose();
            _scope.Dispose();
            throw;
        }
    }

    /// <summary>Losses and gradient of pictures at this scale.</summary>
    public IEvaluator Evaluator { get; }

    /// <summary>Whether the scale has done all its iterations, or its loss has flattened.</summary>
    public bool IsDone(RunState state) => state.Iteration >= _plan.Scale.Iterations || state.Flat;

    /// <summary>The picture of a state without its bleed, as the losses see it.</summary>
    /// <returns>1×3×H×W in [0, 1] on the CPU; owned by the caller.</returns>
    public Tensor PaintingOf(RunState state)
    {
        using var scope = NewDisposeScope();
        return _plan.Scale.Bleed.Cut(state.Picture()).cpu().DetachFromDisposeScope();
    }

    /// <summary>
    /// Searches positions of the style for those of the picture, where an iteration begins with a search; after a run was continued, once
    /// more for the picture of the last one.
    /// </summary>
    public void Match(RunState state)
    {
        if (_matcher is null) return;
        using var phase = RunProfile.Of("matching");
        var searches = SearchesAt(state.Iteration);
        if (!searches && _matched) return;
        var picture = searches ? state.MarkSearched() : state.Searched
            ?? throw new RefusedCheckpointException("the checkpoint lacks the picture that matches were searched for; start again "
                + "without CheckpointSettings.Resume");
        using var scope = NewDisposeScope();
        _matcher.Search(_protected is null ? picture : picture.lerp(_protected.Content, _protected.Mask),
            split: state.Iteration >= _splitAt);
        _matched = true;
    }

    private void SearchFor(Tensor picture, Device device)
    {
        using var scope = NewDisposeScope();
        _matcher!.Search(picture.to(device), split: _splitAt <= 0);
    }

    private bool SearchesAt(int iteration) => iteration % _settings.MatchEvery == 0 || iteration == _splitAt;

    /// <summary>
    /// The finished picture of a state: without bleed, in the requested colours, with the protected pixels of the content.
    /// </summary>
    /// <returns>1×3×H×W in [0, 1] on the CPU; owned by the caller.</returns>
    public Tensor PictureOf(RunState state)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var bleed = _plan.Scale.Bleed;
        var picture = bleed.Cut(state.Picture());
        if (_settings.Color == ColorMode.Luminance)
            picture = ColorTransfer.Luminance(picture, _inputs.Content.Render(_plan.Scale.Size).to(picture.device));
        if (_protected is not null) picture = picture.lerp(bleed.Cut(_protected.Content), bleed.Cut(_protected.Mask));
        return picture.cpu().DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Evaluator.Dispose();
        _matcher?.Dispose();
        _objective.Dispose();
        _bound?.Dispose();
        _scope.Dispose();
    }

    private (Objective, Matcher?) BuildObjective(VggNetwork network, StyleInputs inputs)
    {
        using var scope = NewDisposeScope();
        var bleed = _plan.Scale.Bleed;
        var content = bleed.Add(inputs.Content.Render(_plan.Scale.Size));
        var styles = new Lazy<RenderedStyles>(() => StylesOf(network, inputs, bleed.Cut(content)));
        if (_settings.Matches) _ = styles.Value; // here, where they live as long as the matcher needs them
        StyleTargets Targets() => ObjectiveBuilder.Targets(network, styles.Value.Pictures, styles.Value.Weights, _settings,
            styles.Value.Regions, _plan.Memory.Tiles);
        var targets = _shared is null ? Targets() : _shared.For(ScaleOfTargets(inputs), Targets);
        var onDevice = content.to(network.Device);
        var objective = ObjectiveBuilder.Build(network, onDevice, targets, _settings, _plan.Memory.Tiles, _plan.Memory.Choice.Half,
            shared: _shared is not null);
        if (objective.Pulls.Count == 0) return (objective, null);
        return (objective, new Matcher(network, onDevice, styles.Value.Pictures, styles.Value.Weights, _settings, styles.Value.Regions,
            _plan.Memory.Tiles, objective.Pulls, splits: _splitAt < _plan.Scale.Iterations));
    }

    /// <summary>What decides the style targets of a scale of given styles; with regions, their shares of the picture too.</summary>
    private string ScaleOfTargets(StyleInputs inputs) =>
        $"{(inputs.ContentMask is null ? "" : $"{_plan.Scale.Worked}: ")}{string.Join(", ", _plan.StyleSizes)}, {_plan.Memory.Tiles}";

    /// <summary>The styles of the scale on the network's device.</summary>
    private sealed record RenderedStyles(Tensor[] Pictures, IReadOnlyList<double> Weights, StyleRegions? Regions);

    private RenderedStyles StylesOf(VggNetwork network, StyleInputs inputs, Tensor content)
    {
        var (size, bleed) = (_plan.Scale.Size, _plan.Scale.Bleed);
        // all frames of a scene take the colours of its first
        if (_film?.Palette is { } palette) content = palette.Render(size);
        var styles = inputs.Styles.Zip(_plan.StyleSizes, (style, at) =>
            Recolored(style.Render(at), content, style.Opacity?.Invoke(at))).ToArray();
        var regions = StyleRegions.Render(inputs, size, bleed, styles.Select(ImageTensor.SizeOf).ToArray());
        return new RenderedStyles(styles.Select(style => style.to(network.Device)).ToArray(),
            inputs.StyleWeights ?? styles.Select(_ => 1.0).ToArray(), regions?.To(network.Device));
    }

    private Tensor Recolored(Tensor style, Tensor content, Tensor? opacity) => _settings.Color switch
    {
        ColorMode.Match => ColorTransfer.MatchLinear(style, content, opacity),
        ColorMode.Content => ColorTransfer.MatchHistogram(style, content, opacity),
        _ => style,
    };
}
