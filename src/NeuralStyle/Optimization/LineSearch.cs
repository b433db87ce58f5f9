using NeuralStyle.Evaluation;

namespace NeuralStyle.Optimization;

/// <summary>
/// A line search for the strong Wolfe conditions with few evaluations: Nocedal and Wright, "Numerical Optimization" (2nd ed.),
/// algorithms 3.5 and 3.6 with cubic interpolation. Points where the loss is not finite count as too far.
/// </summary>
internal static class LineSearch
{
    private const double SufficientDecrease = 1e-4, Curvature = 0.9; // c1 and c2 as recommended for quasi-Newton directions
    private const int MaximumEvaluations = 20;

    private readonly record struct Point(double Step, double Total, double Slope);

    /// <summary>Looks for a step along a descent direction.</summary>
    /// <param name="at">Evaluates at a step; returns the evaluation, its total and the slope along the direction.</param>
    /// <param name="total">Total at step 0.</param>
    /// <param name="slope">Slope at step 0; negative.</param>
    /// <param name="first">The first step to try.</param>
    /// <returns>The step, its total and its evaluation, owned by the caller; null when no tried step lowers the loss.</returns>
    public static (double Step, double Total, Evaluated Evaluated)? Run(
        Func<double, (Evaluated Evaluated, double Total, double Slope)> at, double total, double slope, double first)
    {
        var origin = new Point(0, total, slope);
        Point low = origin; // the best point so far
        Point? high = null; // the other end of the bracket
        Evaluated? best = null;
        var step = first;
        for (var count = 0; count < MaximumEvaluations; count++)
        {
            var (evaluated, value, gradient) = at(step);
            var point = new Point(step, value, gradient);
            var bad = !double.IsFinite(value) || !double.IsFinite(gradient);
            if (bad || value > total + SufficientDecrease * step * slope || value >= low.Total)
            {
                evaluated.Dispose();
                high = bad ? new Point(step, double.PositiveInfinity, double.NaN) : point;
            }
            else
            {
                best?.Dispose();
                best = evaluated;
                var previous = low;
                low = point;
                if (Math.Abs(gradient) <= -Curvature * slope) break;
                if (high is { } other ? gradient * (other.Step - step) >= 0 : gradient >= 0) high = previous;
            }
            if (high is { } end && Math.Abs(end.Step - low.Step) < 1e-9 * Math.Max(first, low.Step)) break;
            step = high is { } bound ? Interpolate(low, bound) : step * 2.5;
        }
        return best is null ? null : (low.Step, low.Total, best);
    }

    private static double Interpolate(Point a, Point b)
    {
        var width = b.Step - a.Step;
        var middle = a.Step + 0.5 * width;
        if (!double.IsFinite(b.Total) || !double.IsFinite(b.Slope)) return a.Step + 0.1 * width; // much too far
        var d1 = a.Slope + b.Slope - 3 * (b.Total - a.Total) / width;
        var square = d1 * d1 - a.Slope * b.Slope;
        if (square < 0) return middle;
        var d2 = Math.Sign(width) * Math.Sqrt(square);
        var step = b.Step - width * (b.Slope + d2 - d1) / (b.Slope - a.Slope + 2 * d2); // equation 3.59
        var (least, most) = (a.Step + 0.1 * width, a.Step + 0.9 * width);
        return double.IsFinite(step) && (step - least) * (step - most) < 0 ? step : middle;
    }
}
