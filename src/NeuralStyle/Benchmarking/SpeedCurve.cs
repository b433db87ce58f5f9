namespace NeuralStyle.Benchmarking;

/// <summary>A measured time at a number of pixels.</summary>
internal readonly record struct TimedSize(double Pixels, double Seconds);

/// <summary>Seconds for any number of pixels from a few measured ones: linear between them, and proportional outside.</summary>
/// <param name="points">At least one, in order of pixels.</param>
internal sealed class SpeedCurve(IReadOnlyList<TimedSize> points)
{
    /// <summary>Seconds of one evaluation.</summary>
    public double Seconds(double pixels)
    {
        if (pixels <= points[0].Pixels) return points[0].Seconds * pixels / points[0].Pixels;
        for (var i = 1; i < points.Count; i++)
        {
            var (a, b) = (points[i - 1], points[i]);
            if (pixels <= b.Pixels) return a.Seconds + (b.Seconds - a.Seconds) * (pixels - a.Pixels) / (b.Pixels - a.Pixels);
        }
        return points[^1].Seconds * pixels / points[^1].Pixels;
    }
}
