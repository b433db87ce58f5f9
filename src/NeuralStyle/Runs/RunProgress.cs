using NeuralStyle.Evaluation;
using NeuralStyle.Imaging;
using static TorchSharp.torch;

namespace NeuralStyle.Runs;

/// <summary>The losses of one iteration, read from the device.</summary>
/// <param name="Total">The weighted sum.</param>
/// <param name="Terms">What the numbers mean.</param>
/// <param name="Raw">One value per term, before weighting.</param>
public sealed record LossReport(double Total, IReadOnlyList<TermInfo> Terms, IReadOnlyList<double> Raw)
{
    /// <summary>Reads an evaluation, at once: a GPU must be waited for.</summary>
    public static LossReport Of(Evaluated evaluated, IReadOnlyList<TermInfo> terms)
    {
        var (total, raw) = evaluated.Read();
        return new LossReport(total, terms, raw);
    }

    /// <summary>The sum of the terms of a kind.</summary>
    public double Sum(TermKind kind, bool weighted) =>
        Terms.Zip(Raw).Where(pair => pair.First.Kind == kind).Sum(pair => weighted ? pair.First.Weight * pair.Second : pair.Second);
}

/// <summary>What a run reports behind every iteration. Losses and picture are fetched from the device only when asked for.</summary>
public sealed record RunProgress
{
    /// <summary>The scale in work, from 0.</summary>
    public required int Scale { get; init; }

    /// <summary>Number of scales.</summary>
    public required int Scales { get; init; }

    /// <summary>Size of the picture at this scale.</summary>
    public required PixelSize Size { get; init; }

    /// <summary>Iterations done at this scale, from 1.</summary>
    public required int Iteration { get; init; }

    /// <summary>Iterations to do at this scale.</summary>
    public required int Iterations { get; init; }

    /// <summary>Whether the scale ends here because its loss has flattened; see <see cref="NeuralStyle.Settings.StyleSettings.Patience"/>.</summary>
    public bool Flat { get; init; }

    /// <summary>Whether this is the last iteration of the scale.</summary>
    public bool EndsScale => Flat || Iteration == Iterations;

    /// <summary>Share of the whole run's work that is done, 0 to 1, counted in pixels times iterations.</summary>
    public required double Fraction { get; init; }

    /// <summary>Seconds since the run began.</summary>
    public required double Seconds { get; init; }

    /// <summary>Reads the losses; valid only during the report.</summary>
    public required Func<LossReport> ReadLosses { get; init; }

    /// <summary>Holds the losses on the device, to be read later with those of other iterations; valid only during the report; the caller owns them.</summary>
    public required Func<HeldLosses> HoldLosses { get; init; }

    /// <summary>Copies the picture as it would be written now, 1×3×H×W in [0, 1]; valid only during the report; the caller owns it.</summary>
    public required Func<Tensor> Snapshot { get; init; }
}
