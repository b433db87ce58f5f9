using NeuralStyle.Evaluation;
using NeuralStyle.Imaging;
using static TorchSharp.torch;

namespace NeuralStyle.Runs;

/// <summary>The losses of one iteration.</summary>
/// <param name="Iteration">Iterations done at the scale, from 1.</param>
/// <param name="Seconds">Since the run began.</param>
/// <param name="Total">The weighted sum of the terms.</param>
/// <param name="Terms">The meaning of the numbers.</param>
/// <param name="Raw">One value per term, before weighting.</param>
public sealed record LossReport(int Iteration, double Seconds, double Total, IReadOnlyList<TermInfo> Terms, IReadOnlyList<double> Raw)
{
    /// <summary>The sum of the terms of a kind.</summary>
    public double Sum(TermKind kind, bool weighted) =>
        Terms.Zip(Raw).Where(pair => pair.First.Kind == kind).Sum(pair => weighted ? pair.First.Weight * pair.Second : pair.Second);
}

/// <summary>
/// The report of a run after an iteration. Plain numbers, which any thread may keep and read later, for example with
/// <see cref="Progress{T}"/>; only <see cref="Snapshot"/> is tied to the report.
/// </summary>
public sealed record RunProgress
{
    /// <summary>The current scale, from 0.</summary>
    public required int Scale { get; init; }

    /// <summary>Number of scales.</summary>
    public required int Scales { get; init; }

    /// <summary>Size of the picture at this scale.</summary>
    public required PixelSize Size { get; init; }

    /// <summary>Iterations done at this scale, from 1.</summary>
    public required int Iteration { get; init; }

    /// <summary>Iterations to do at this scale.</summary>
    public required int Iterations { get; init; }

    /// <summary>
    /// Whether the scale ends here because its loss has flattened; see <see cref="NeuralStyle.Settings.StyleSettings.Patience"/>.
    /// </summary>
    public bool Flat { get; init; }

    /// <summary>Whether this is the last iteration of the scale.</summary>
    public bool EndsScale => Flat || Iteration == Iterations;

    /// <summary>Share of the whole run's work that is done, 0 to 1, counted in pixels times iterations.</summary>
    public required double Fraction { get; init; }

    /// <summary>Seconds since the run began.</summary>
    public required double Seconds { get; init; }

    /// <summary>
    /// Estimated seconds until the run is done, from the pace of its iterations; null in the first few of them.
    /// </summary>
    public double? SecondsLeft { get; init; }

    /// <summary>The latest total loss that was read; on a GPU it may be some iterations old.</summary>
    public double Loss { get; init; } = double.NaN;

    /// <summary>
    /// The losses of this iteration and of earlier ones that have not been reported. On the CPU one entry; on a GPU none for several
    /// iterations and then all of them, because each read waits for the device. All are of this scale, and none is left out.
    /// </summary>
    public IReadOnlyList<LossReport> Losses { get; init; } = [];

    /// <summary>Copies the picture as it would be written now, 1×3×H×W in [0, 1] on the CPU; the caller owns it.</summary>
    /// <remarks>
    /// Call it within <see cref="IProgress{T}.Report"/>, while the run waits. <see cref="Progress{T}"/> hands reports to another thread,
    /// and the run has usually continued by the time they arrive: implement <see cref="IProgress{T}"/> to get pictures.
    /// </remarks>
    /// <exception cref="InvalidOperationException">The report is over: the picture has changed since.</exception>
    public Tensor Snapshot() => Picture?.Invoke() ?? throw new InvalidOperationException("this report has no picture");

    /// <summary>The source of <see cref="Snapshot"/>.</summary>
    internal Func<Tensor>? Picture { get; init; }
}
