namespace NeuralStyle.Benchmarks.Gpu;

/// <summary>How far one curve of losses lies from another.</summary>
/// <param name="Difference">The largest difference, as a share of the reference's loss at that iteration; infinite where a loss is not
/// finite.</param>
/// <param name="Iteration">Where, from 1.</param>
internal sealed record LossCurve(double Difference, int Iteration)
{
    /// <summary>The most that TF32 may change the curve.</summary>
    public const double Bar = 0.005;

    public static LossCurve Compare(IReadOnlyList<double> reference, IReadOnlyList<double> other)
    {
        if (reference.Count != other.Count)
            throw new ArgumentException($"curves of {reference.Count} and {other.Count} iterations", nameof(other));
        return reference.Zip(other)
            .Select((pair, i) => new LossCurve(Apart(pair.First, pair.Second), i + 1))
            .MaxBy(point => point.Difference)!;
    }

    private static double Apart(double reference, double other) =>
        double.IsFinite(reference) && double.IsFinite(other)
            ? Math.Abs(other - reference) / Math.Max(Math.Abs(reference), 1e-30)
            : double.PositiveInfinity;
}
