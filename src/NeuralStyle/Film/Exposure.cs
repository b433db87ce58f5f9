namespace NeuralStyle.Film;

/// <summary>
/// A sudden change of brightness between two frames. The flow assumes that things keep their grey values; where one gain and one offset
/// explain most of the difference of the two frames as wholes, these are taken out before.
/// </summary>
internal static class Exposure
{
    private const double Noticeable = 5; // grey values of 255; below, the flow is right as it is
    private const double Unexplained = 0.5; // share of the difference that may be left
    private const double LeastGain = 0.4, MostGain = 2.5;
    private const int Rounds = 5; // of the fit, each without what the last could not explain

    /// <summary>The second frame with the brightness of the first; itself where no such change is seen.</summary>
    /// <param name="from">The levels of the first frame, the finest first.</param>
    /// <param name="to">Those of the second.</param>
    public static IReadOnlyList<GreyImage> Match(IReadOnlyList<GreyImage> from, IReadOnlyList<GreyImage> to)
    {
        var (wanted, given) = (from[^1].Values, to[^1].Values); // so coarse that hardly anything moves
        var difference = Median(wanted, given, 1, 0);
        if (difference < Noticeable) return to;
        var (gain, offset) = Fit(wanted, given);
        if (!(gain is > LeastGain and < MostGain) || Median(wanted, given, gain, offset) > Unexplained * difference) return to;
        float Matched(float value) => (float)(gain * value + offset);
        return to.Select(level => level with { Values = Array.ConvertAll(level.Values, Matched) }).ToArray();
    }

    /// <summary>wanted ≈ gain·given + offset, by least squares with weights 1/(1 + (r/s)²): what moves or is covered counts less.</summary>
    private static (double Gain, double Offset) Fit(float[] wanted, float[] given)
    {
        var (gain, offset) = (1.0, 0.0);
        var weights = new double[wanted.Length];
        Array.Fill(weights, 1);
        for (var round = 0; round < Rounds; round++)
        {
            var sum = weights.Sum();
            double meanWanted = 0, meanGiven = 0, product = 0, square = 0;
            for (var i = 0; i < weights.Length; i++)
            {
                meanWanted += weights[i] * wanted[i] / sum;
                meanGiven += weights[i] * given[i] / sum;
            }
            for (var i = 0; i < weights.Length; i++)
            {
                product += weights[i] * (given[i] - meanGiven) * (wanted[i] - meanWanted);
                square += weights[i] * (given[i] - meanGiven) * (given[i] - meanGiven);
            }
            gain = square > 0 ? product / square : 0;
            offset = meanWanted - gain * meanGiven;
            var scale = Median(wanted, given, gain, offset) + 1;
            for (var i = 0; i < weights.Length; i++)
            {
                var residual = (wanted[i] - gain * given[i] - offset) / scale;
                weights[i] = 1 / (1 + residual * residual);
            }
        }
        return (gain, offset);
    }

    /// <summary>The median of |wanted − gain·given − offset|.</summary>
    private static double Median(float[] wanted, float[] given, double gain, double offset)
    {
        var all = wanted.Select((value, i) => Math.Abs(value - gain * given[i] - offset)).ToArray();
        Array.Sort(all);
        return all[all.Length / 2];
    }
}
