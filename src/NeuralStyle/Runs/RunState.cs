using NeuralStyle.Evaluation;
using NeuralStyle.Imaging;
using NeuralStyle.Memory;
using NeuralStyle.Optimization;
using NeuralStyle.Runtime;
using NeuralStyle.Scales;
using NeuralStyle.Settings;
using static TorchSharp.torch;

namespace NeuralStyle.Runs;

/// <summary>
/// Everything that a run carries from one iteration to the next: the same state and inputs give the same picture, to
/// the bit. Anything that later iterations depend on must be kept here, so that checkpoints contain it.
/// </summary>
internal sealed class RunState : IDisposable
{
    private readonly StyleSettings _settings;
    private readonly IterateAverage _average;
    private readonly Patience _patience;
    private readonly List<Tensor> _unread = []; // totals not yet added to patience
    private Tensor _image; // 1×3×H×W, contiguous: results may depend on its memory order
    private IOptimizer _optimizer;

    private RunState(StyleSettings settings, Tensor image, MemoryChoice memory)
    {
        _settings = settings;
        _image = image;
        _average = new IterateAverage(settings.AverageDecay);
        _patience = new Patience(settings.Patience);
        LossesAtATime = LossQueue.AtATime(image.device);
        _optimizer = Create(settings, memory);
    }

    /// <summary>
    /// The picture for which positions of the style were last searched, 1×3×H×W; null before the first search, and in runs without one.
    /// A run that is continued searches again for it, and finds the same.
    /// </summary>
    public Tensor? Searched { get; private set; }

    /// <summary>The current scale, from 0.</summary>
    public int Scale { get; private set; }

    /// <summary>Iterations done at this scale.</summary>
    public int Iteration { get; private set; }

    /// <summary>Whether an iteration has been done, at this scale or an earlier one.</summary>
    public bool HasBegun => Scale > 0 || Iteration > 0;

    /// <summary>Whether the loss of this scale has flattened, for runs with a <see cref="StyleSettings.Patience"/>.</summary>
    /// <remarks>Evaluated only where losses are read anyway, so that a continued run ends at the same iteration as an uninterrupted
    /// one.</remarks>
    public bool Flat => Iteration % LossesAtATime == 0 && _patience.Flat;

    /// <summary>Iterations whose losses are read together.</summary>
    public int LossesAtATime { get; set; }

    /// <summary>The device of the run.</summary>
    public Device Device => _image.device;

    /// <summary>The state before the first iteration.</summary>
    public static RunState Start(StyleInputs inputs, StyleSettings settings, Scale first, MemoryChoice memory, Device device)
    {
        using var scope = NewDisposeScope();
        return new RunState(settings, Kept(first.Bleed.Add(StartImages.Render(settings, inputs, first.Size)).to(device)), memory);
    }

    /// <summary>Does one iteration.</summary>
    /// <returns>The evaluation made in it; owned by the caller.</returns>
    public Evaluated Step(IEvaluator evaluator)
    {
        using var phase = RunProfile.Of("optimiser");
        var evaluated = _optimizer.Step(_image, image =>
        {
            using var evaluation = RunProfile.Of("rest of evaluations");
            return evaluator.Evaluate(image);
        });
        _average.Update(_image);
        if (_patience.Watches) _unread.Add(evaluated.Total.alias().DetachFromDisposeScope());
        if (++Iteration % LossesAtATime == 0) ReadLosses();
        return evaluated;
    }

    /// <summary>Marks the picture so far as the one to search matches for; what the optimiser knows of the loss no longer counts.</summary>
    /// <returns>That picture.</returns>
    public Tensor MarkSearched()
    {
        Searched?.Dispose();
        _optimizer.FunctionChanged();
        _patience.Reset();
        Forget();
        return Searched = _image.clone().DetachFromDisposeScope();
    }

    private void ReadLosses()
    {
        if (_unread.Count == 0) return;
        foreach (var total in HostReads.Of(_unread)) _patience.Add(total);
        Forget();
    }

    private void Forget()
    {
        foreach (var total in _unread) total.Dispose();
        _unread.Clear();
    }

    /// <summary>The picture after the iterations so far, with its <see cref="Bleed"/>, 1×3×H×W in [0, 1]; a new tensor.</summary>
    public Tensor Picture() => _average.Value(_image);

    /// <summary>
    /// Starts the next scale: the picture enlarged, a fresh average, and Adam's moments, so that it need not warm up again.
    /// </summary>
    /// <param name="inputs">The pictures of the run.</param>
    /// <param name="from">The scale that is done.</param>
    /// <param name="to">The next scale.</param>
    /// <param name="memory">The memory of the optimiser there.</param>
    public void Enlarge(StyleInputs inputs, Scale from, Scale to, MemoryChoice memory)
    {
        using var phase = RunProfile.Of("enlargement");
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var picture = Picture();
        _average.Reset();
        _patience.Reset();
        Forget();
        _image.Dispose();
        using (var inner = from.Bleed.Cut(picture)) _image = Kept(to.Bleed.Add(Enlargement.Of(inner, to.Size, inputs.Content, _settings)));
        picture.Dispose();
        Searched?.Dispose();
        Searched = null;

        using var finished = _optimizer;
        _optimizer = finished is Adam adam
            ? adam.Resized(moment => to.Bleed.Add(Resized(from.Bleed.Cut(moment), to.Size)), memory.Half)
            : Create(_settings, memory);
        (Scale, Iteration) = (Scale + 1, 0);
    }

    /// <summary>
    /// The whole state as views of its tensors: copies nothing, valid until the next iteration; the current dispose scope frees the views.
    /// </summary>
    public Dictionary<string, Tensor> Save()
    {
        ReadLosses();
        var tensors = new Dictionary<string, Tensor> { ["image"] = _image.alias() };
        if (Searched is not null) tensors[SearchedName] = Searched.alias();
        foreach (var (name, value) in _average.SaveState()) tensors[AveragePrefix + name] = value;
        foreach (var (name, value) in _optimizer.SaveState()) tensors[OptimizerPrefix + name] = value;
        foreach (var (name, value) in _patience.SaveState()) tensors[PatiencePrefix + name] = value;
        return tensors;
    }

    /// <summary>Continues where <see cref="Save"/> left off.</summary>
    /// <param name="settings">The settings of the saved run.</param>
    /// <param name="scales">The scales of the run.</param>
    /// <param name="memory">The memory of the optimiser at the current scale.</param>
    /// <param name="scale">The scale in work, from 0.</param>
    /// <param name="iteration">Iterations done at this scale.</param>
    /// <param name="tensors">The tensors of <see cref="Save"/>; this state takes them over.</param>
    /// <param name="device">The device on which to continue.</param>
    /// <exception cref="ArgumentException">
    /// The tensors do not fit the run; or another exception of a failed look-up or conversion.
    /// </exception>
    public static RunState Restore(StyleSettings settings, IReadOnlyList<Scale> scales, MemoryChoice memory, int scale, int iteration,
        IReadOnlyDictionary<string, Tensor> tensors, Device device)
    {
        Dictionary<string, Tensor> Part(string prefix) => tensors.Where(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(entry => entry.Key[prefix.Length..], entry => entry.Value.to(device));

        var worked = scales[scale].Worked;
        long[] shape = [1, 3, worked.Height, worked.Width];
        if (tensors.Values.Prepend(tensors["image"]).Any(tensor => tensor.dim() == 4 && !tensor.shape.SequenceEqual(shape)))
            throw new ArgumentException($"a tensor is not of {worked} pixels", nameof(tensors));
        var state = new RunState(settings, Kept(tensors["image"].to(device)), memory) { Scale = scale, Iteration = iteration };
        try
        {
            if (tensors.TryGetValue(SearchedName, out var searched)) state.Searched = Kept(searched.to(device));
            state._average.RestoreState(Part(AveragePrefix));
            state._optimizer.RestoreState(Part(OptimizerPrefix));
            state._patience.RestoreState(Part(PatiencePrefix));
            return state;
        }
        catch
        {
            state.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Forget();
        _image.Dispose();
        Searched?.Dispose();
        _average.Dispose();
        _optimizer.Dispose();
    }

    private const string AveragePrefix = "average/", OptimizerPrefix = "optimizer/", PatiencePrefix = "patience/",
        SearchedName = "searched";

    private static Tensor Kept(Tensor image) => image.contiguous().DetachFromDisposeScope();

    private static Tensor Resized(Tensor value, PixelSize size) =>
        nn.functional.interpolate(value, [size.Height, size.Width], mode: InterpolationMode.Bilinear, align_corners: false);

    private static IOptimizer Create(StyleSettings settings, MemoryChoice memory) => settings.Optimizer switch
    {
        OptimizerKind.Adam => new Adam(settings.LearningRate, range: (0, 1), half: memory.Half),
        OptimizerKind.Lbfgs => new Lbfgs(memory.History, settings.LearningRate, range: (0, 1)),
        _ => throw new ArgumentOutOfRangeException(nameof(settings)),
    };
}
