using NeuralStyle.Colour;
using NeuralStyle.Evaluation;
using NeuralStyle.Film;
using NeuralStyle.Imaging;
using NeuralStyle.Memory;
using NeuralStyle.Runs;
using NeuralStyle.Runtime;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;
using static TorchSharp.torch;

namespace NeuralStyle;

/// <summary>
/// Paints the frames of a film one after the other (Ruder, Dosovitskiy, Brox, "Artistic style transfer for videos", 2016). The first frame
/// of a scene is a picture like any other; each later one starts from the result before it, moved along the optical flow, and is held to it
/// by <see cref="Losses.TemporalLoss"/>, at the final size alone.
/// </summary>
/// <remarks>
/// A frame depends only on its scene's first frame, on the frame, the painting before it, in later passes its own painting of the pass
/// before, and on the settings.
/// </remarks>
internal sealed class FilmPainter : IDisposable
{
    private const double Blend = 0.5; // δ of equations 11 and 12, as published

    private readonly StyleInputs _inputs;
    private readonly VggWeights _weights;
    private readonly StyleSettings _settings;
    private readonly FilmSettings _film;
    private readonly RunSettings _run;
    private readonly VggNetwork _network;
    private readonly SharedTargets _targets = new();

    /// <param name="inputs">Styles and masks; the content is replaced by each frame.</param>
    /// <param name="weights">The network's weights.</param>
    /// <param name="settings">Everything that decides the look of the first frame, and the losses of all.</param>
    /// <param name="film">How frames are tied together.</param>
    /// <param name="run">Device and memory.</param>
    public FilmPainter(StyleInputs inputs, VggWeights weights, StyleSettings settings, FilmSettings film, RunSettings run)
    {
        settings.Validate();
        film.Validate();
        inputs.Validate(settings);
        TorchRuntime.Initialize(run.Threads);
        (_inputs, _weights, _settings, _film, _run) = (inputs, weights, settings, film, run);
        _network = Networks.Create(weights, settings, run.Device);
        ManagedMemory.Compact();
        if (run.Memory is { Budget: null, Tile: null, Whole: false } memory) // the same for all frames, however much is free later
            _run = run with { Memory = memory with { Budget = (long)MemoryBudget.Default(_network.Device) } };
    }

    /// <summary>The first frame of the scene; null before <see cref="Begin"/>.</summary>
    public PictureSource? Palette { get; private set; }

    /// <summary>Names the first frame of the scene that is painted next, whose colours the styles may take.</summary>
    /// <param name="first">1×3×H×W in [0, 1]; not owned, used until the next scene.</param>
    public void Begin(Tensor first)
    {
        if (_settings.Color is ColorMode.Match or ColorMode.Content) _targets.Clear();
        Palette = PictureSource.Of(first);
    }

    /// <summary>Paints the first frame of a scene.</summary>
    /// <param name="frame">1×3×H×W in [0, 1], at the size of the film.</param>
    /// <param name="progress">Told of each iteration; null for none.</param>
    /// <param name="cancellation">Ends the run early; the result is then not complete.</param>
    /// <returns>Owned by the caller.</returns>
    public StyleResult First(Tensor frame, IProgress<RunProgress>? progress = null, CancellationToken cancellation = default) =>
        Paint(_inputs with { Content = PictureSource.Of(frame) }, _settings, null, progress, cancellation);

    /// <summary>Paints a later frame.</summary>
    /// <param name="frame">1×3×H×W in [0, 1], at the size of the film.</param>
    /// <param name="before">1×3×H×W in [0, 1]: the painting before this frame.</param>
    /// <param name="motion">The motion between the two.</param>
    /// <param name="progress">Told of each iteration; null for none.</param>
    /// <param name="cancellation">Ends the run early; the result is then not complete.</param>
    /// <returns>Owned by the caller.</returns>
    public StyleResult Next(Tensor frame, Tensor before, FrameMotion motion, IProgress<RunProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        using var warped = Start(frame, before, motion);
        return Continue(frame, warped, new FrameBefore(warped, motion.Seen, _film.TemporalWeight), progress, cancellation);
    }

    /// <summary>
    /// Paints a frame again, in a pass after the first (equations 11 and 12): from a blend of its own painting with that of its neighbour,
    /// to which it is held too.
    /// </summary>
    /// <param name="frame">1×3×H×W in [0, 1], at the size of the film.</param>
    /// <param name="own">1×3×H×W in [0, 1]: its painting of the pass before.</param>
    /// <param name="neighbour">1×3×H×W in [0, 1]: the painting of the frame that this pass painted before it; null for its first.</param>
    /// <param name="motion">The motion from the frame to that neighbour; null where there is none.</param>
    /// <param name="progress">Told of each iteration; null for none.</param>
    /// <param name="cancellation">Ends the run early; the result is then not complete.</param>
    /// <returns>Owned by the caller.</returns>
    public StyleResult Again(Tensor frame, Tensor own, Tensor? neighbour, FrameMotion? motion, IProgress<RunProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        if (neighbour is null || motion is null) return Continue(frame, own, null, progress, cancellation);
        using var warped = Moved(own, neighbour, motion);
        using var start = Blended(own, warped, motion);
        return Continue(frame, start, new FrameBefore(warped, motion.Seen, _film.TemporalWeight), progress, cancellation);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _targets.Dispose();
        _network.Dispose();
    }

    /// <summary>
    /// The painting before, moved along the flow. What it does not show comes from the frame, in the colours of the painting: a stretched
    /// border or the ghost of what has moved away would stay for many frames.
    /// </summary>
    private static Tensor Start(Tensor frame, Tensor before, FrameMotion motion)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var warped = Warp.Bicubic(before, motion.Backward);
        return ColorTransfer.MatchLinear(frame, before).lerp(warped, motion.Known).MoveToOuterDisposeScope();
    }

    /// <summary>The neighbour's painting, moved along the flow; what it does not show comes from the frame's own.</summary>
    private static Tensor Moved(Tensor own, Tensor neighbour, FrameMotion motion)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        return own.lerp(Warp.Bicubic(neighbour, motion.Backward), motion.Known).MoveToOuterDisposeScope();
    }

    /// <summary>Half of each where the motion is certain, elsewhere the frame's own.</summary>
    private static Tensor Blended(Tensor own, Tensor moved, FrameMotion motion)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        return own.lerp(moved, motion.Seen * Blend).MoveToOuterDisposeScope();
    }

    /// <summary>At the final size alone, from a start picture.</summary>
    private StyleResult Continue(Tensor frame, Tensor start, FrameBefore? before, IProgress<RunProgress>? progress,
        CancellationToken cancellation)
    {
        var settings = _settings with
        {
            MinimumSize = _settings.Size, // one scale
            Iterations = _film.Iterations,
            FirstIterations = null,
            Detail = 0,
            Start = new StartImage(StartKind.File),
        };
        var inputs = _inputs with { Content = PictureSource.Of(frame), Start = PictureSource.Of(start) };
        return Paint(inputs, settings, before, progress, cancellation);
    }

    private StyleResult Paint(StyleInputs inputs, StyleSettings settings, FrameBefore? before, IProgress<RunProgress>? progress,
        CancellationToken cancellation) => StyleTransfer.Run(inputs, _weights, settings, _run with
        {
            Progress = progress,
            Film = new FilmContext(_network, _targets) { Palette = Palette, Before = before },
        }, cancellation);
}
