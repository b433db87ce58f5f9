namespace NeuralStyle.Settings;

/// <summary>
/// What <see cref="StyleSettings.Strength"/> stands for: the one place that turns it into a factor of the content weight and a share of
/// noise. Both are chosen so that even steps of strength take even steps away from the photograph; docs/experiments.md has the figures.
/// </summary>
internal static class StrengthCurve
{
    /// <summary>The strength that changes nothing.</summary>
    public const double Neutral = 0.5;

    private const double LargestFactor = 125; // still the photograph, with a tint
    private const double SmallestFactor = 0.01; // at smaller weights the picture no longer changes
    private const double MostNoise = 0.9; // with more, nothing of the photograph can be recognised

    /// <summary>Factor of the content weight: from 125 at 0 through exactly 1 at 0.5 to 1/100 at 1, always falling.</summary>
    /// <param name="strength">0 to 1.</param>
    public static double ContentFactor(double strength) => strength <= Neutral
        ? Math.Pow(LargestFactor, Math.Pow(1 - strength / Neutral, 0.6)) // a factor near 1 changes little: pass it quickly
        : Math.Pow(SmallestFactor, Above(strength));

    /// <summary>
    /// Share of noise in the picture that the run starts from, if strength decides about the start (<see cref="StartKind.Auto"/>):
    /// exactly 0 up to 0.5, then rising to 0.9 at 1. A run that starts from the content keeps its forms even without a content loss.
    /// </summary>
    /// <param name="strength">0 to 1.</param>
    // little noise does little
    public static double StartNoise(double strength) => strength <= Neutral ? 0 : MostNoise * Math.Pow(Above(strength), 2.0 / 3);

    /// <summary>
    /// Share of the content in the picture for which matches are searched: 1 at 0, the share of the settings at exactly 0.5, 0 at 1.
    /// </summary>
    /// <param name="strength">0 to 1.</param>
    /// <param name="neutral">The share of the settings.</param>
    public static double MatchedContent(double strength, double neutral) => strength <= Neutral
        ? neutral + (1 - neutral) * (1 - strength / Neutral)
        : neutral * (1 - Above(strength));

    /// <summary>The position of a strength between neutral and 1, from 0 to 1.</summary>
    private static double Above(double strength) => (strength - Neutral) / (1 - Neutral);
}
