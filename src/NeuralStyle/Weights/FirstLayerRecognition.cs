using NeuralStyle.Vgg;

namespace NeuralStyle.Weights;

/// <summary>What the first layer of a network reveals about its origin.</summary>
/// <param name="Training">Whose training it is.</param>
/// <param name="Preprocessing">How pictures must enter it: as in that training, in the channel order and range of these filters.</param>
/// <param name="IsTransposed">Whether rows and columns of its kernels are exchanged.</param>
internal sealed record RecognisedTraining(KnownTraining Training, Preprocessing Preprocessing, bool IsTransposed);

/// <summary>
/// Recognises networks by the values of conv1_1, independent of the file's name, format and precision. The
/// directions of filters are compared, so each may be scaled; filters may be missing; channels may be in either order.
/// </summary>
internal static class FirstLayerRecognition
{
    private const int Values = 27, FullWidth = 64;
    private const double SameFilter = 0.99;
    private const int EnoughFilters = 2;

    // Fine-tuning changes biases and norms of filters a little; a change of the range from 0–255 to 0–1 changes them by a factor of 255.
    private const double ScaleSlack = 2, Whites = 255;

    /// <summary>Compares with all that is known.</summary>
    /// <param name="first">conv1_1.</param>
    /// <returns>Null if it is none of them.</returns>
    public static RecognisedTraining? Recognise(ConvolutionWeights first)
    {
        RecognisedTraining? best = null;
        var bestScore = 0.0;
        foreach (var training in KnownFilters.All)
        {
            foreach (var order in Enum.GetValues<ChannelOrder>())
            {
                foreach (var isTransposed in new[] { false, true })
                {
                    var pairs = Match(first, training, order, isTransposed);
                    var score = pairs.Sum(pair => pair.Cosine);
                    if (score <= bestScore) continue;
                    (bestScore, best) = (score,
                        new RecognisedTraining(training, Adapt(training.Preprocessing, order, RangeFactor(first, pairs)), isTransposed));
                }
            }
        }
        return best;
    }

    // All known filters at their own places if they fit, else those that are found anywhere; none if there are too few.
    private static List<(KnownFilter Known, int Index, double Cosine)> Match(ConvolutionWeights first, KnownTraining training,
        ChannelOrder order, bool isTransposed)
    {
        var known = training.Filters.Select(filter => (Filter: filter, Direction: Direction(filter, order, isTransposed))).ToArray();
        if (first.OutChannels == FullWidth)
        {
            var aligned = known.Select(pair => (pair.Filter, pair.Filter.Index, Cosine(first, pair.Filter.Index, pair.Direction))).ToList();
            if (aligned.Average(pair => pair.Item3) >= training.AlignedSimilarity) return aligned;
        }
        List<(KnownFilter Known, int Index, double Cosine)> found = [];
        foreach (var (filter, direction) in known)
        {
            var (index, cosine) = Enumerable.Range(0, first.OutChannels)
                .Select(o => (o, Cosine(first, o, direction)))
                .MaxBy(pair => pair.Item2);
            if (cosine >= SameFilter && found.All(pair => pair.Index != index)) found.Add((filter, index, cosine));
        }
        return found.Count >= EnoughFilters ? found : [];
    }

    private static double[] Direction(KnownFilter filter, ChannelOrder order, bool isTransposed)
    {
        var direction = new double[Values];
        for (var i = 0; i < Values; i++)
        {
            var (channel, row, column) = (i / 9, i / 3 % 3, i % 3);
            if (order == ChannelOrder.Bgr) channel = 2 - channel;
            if (isTransposed) (row, column) = (column, row);
            direction[channel * 9 + row * 3 + column] = filter.Thousandths[i] / 1000.0;
        }
        return direction;
    }

    private static double Cosine(ConvolutionWeights first, int filter, double[] direction)
    {
        var (product, a, b) = (0.0, 0.0, 0.0);
        for (var i = 0; i < Values; i++)
        {
            double value = first.Kernel[filter * Values + i];
            product += value * direction[i];
            a += value * value;
            b += direction[i] * direction[i];
        }
        return a > 0 ? product / Math.Sqrt(a * b) : 0;
    }

    // How many times smaller the inputs are that these filters expect: larger kernels with the same biases were made for another range.
    private static double RangeFactor(ConvolutionWeights first, IEnumerable<(KnownFilter Known, int Index, double Cosine)> pairs)
    {
        const float sure = 0.1f; // smaller biases are mostly noise
        var ratios = new List<double>();
        foreach (var (known, index, _) in pairs)
        {
            if (known.Bias is not { } bias || bias < sure || first.Bias[index] <= 0) continue;
            var kernel = Norm(Enumerable.Range(0, Values)
                .Select(i => (double)first.Kernel[index * Values + i])) / Norm(known.Thousandths.Select(value => value / 1000.0));
            ratios.Add(kernel / (first.Bias[index] / bias));
        }
        if (ratios.Count == 0) return 1;
        var factor = ratios.Order().ElementAt(ratios.Count / 2);
        return factor is > 1 / ScaleSlack and < ScaleSlack
            ? 1
            : factor is > Whites / ScaleSlack and < Whites * ScaleSlack
            ? Whites
            : factor;
    }

    private static double Norm(IEnumerable<double> values) => Math.Sqrt(values.Sum(value => value * value));

    // factor·W·(pixel·range − mean)/σ/factor: the same answers from a range divided by the factor.
    private static Preprocessing Adapt(Preprocessing trained, ChannelOrder order, double factor)
    {
        float[] Order(IReadOnlyList<float> values) => order == ChannelOrder.Rgb ? [.. values] : [.. values.Reverse()];
        if (factor == 1) return new Preprocessing(order, trained.Range, Order(trained.Mean), Order(trained.StandardDeviation));
        return new Preprocessing(order, (float)(trained.Range / factor),
            Order(trained.Mean.Select(value => (float)(value / factor)).ToArray()), Order(trained.StandardDeviation));
    }
}
