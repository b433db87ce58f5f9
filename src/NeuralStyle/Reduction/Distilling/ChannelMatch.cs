using NeuralStyle.Vgg;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Reduction.Distilling;

/// <summary>
/// Finds out which channels of the teacher the channels of a reduced layer imitate, from the activations of both. A reduction keeps
/// the order of the channels, so the answer is the ascending list with the least sum of differences.
/// </summary>
internal sealed class ChannelMatch
{
    private const double LargestError = 0.6;

    private readonly VggLayer _layer;
    private readonly Tensor _student, _teacher, _products; // sums of squares and of products, float64; owned by the dispose scope around

    /// <summary>Starts sums.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="channels">The student's number of channels.</param>
    /// <param name="teacherChannels">The teacher's; not fewer.</param>
    /// <param name="device">Where activations are.</param>
    public ChannelMatch(VggLayer layer, int channels, int teacherChannels, Device device)
    {
        _layer = layer;
        _student = zeros([channels], float64, device);
        _teacher = zeros([teacherChannels], float64, device);
        _products = zeros([channels, teacherChannels], float64, device);
    }

    /// <summary>Adds activations of one picture, 1×C×h×w each.</summary>
    public void Add(Tensor student, Tensor teacher)
    {
        using var scope = NewDisposeScope();
        var (r, t) = (student[0].flatten(1), teacher[0].flatten(1));
        _student.add_(r.square().sum(1));
        _teacher.add_(t.square().sum(1));
        _products.add_(r.mm(t.t()));
    }

    /// <summary>The teacher's channel for each channel of the student, ascending.</summary>
    /// <param name="student">Name of the student, for the message.</param>
    /// <param name="teacher">Name of the teacher.</param>
    /// <exception cref="InvalidInputException">The layers have little in common.</exception>
    public int[] Find(string student, string teacher)
    {
        using var scope = NewDisposeScope();
        var own = Values(_student);
        var others = Values(_teacher);
        var products = Values(_products);
        var differences = new double[own.Length, others.Length]; // Σ(r−t)²
        var costs = new double[own.Length, others.Length]; // the same for channels of any strength, at most 1
        for (var i = 0; i < own.Length; i++)
        {
            for (var j = 0; j < others.Length; j++)
            {
                var energy = own[i] + others[j];
                differences[i, j] = Math.Max(0, energy - 2 * products[i * others.Length + j]);
                costs[i, j] = energy > 0 ? differences[i, j] / energy : 0;
            }
        }
        var found = Ascending(costs);
        var error = found.Select((j, i) => differences[i, j]).Sum() / Math.Max(found.Sum(j => others[j]), double.Epsilon);
        var nearest = Enumerable.Range(0, own.Length)
            .Count(i => Enumerable.Range(0, others.Length).All(j => costs[i, j] >= costs[i, found[i]]));
        if (!(error <= LargestError) || 2 * nearest < own.Length)
        {
            throw new InvalidInputException(string.Create(System.Globalization.CultureInfo.InvariantCulture,
                $"'{student}' was not reduced from '{teacher}': at {_layer}, {nearest} of {own.Length} channels resemble one of the "
                    + $"teacher's, with a relative error of {error:F2}; expected the network that it was reduced from"));
        }
        return found;
    }

    /// <summary>The ascending list of columns, one for each row, with the least sum of costs.</summary>
    private static int[] Ascending(double[,] costs)
    {
        var (rows, columns) = (costs.GetLength(0), costs.GetLength(1));
        var sums = new double[rows + 1, columns + 1]; // of the first rows within the first columns
        for (var i = 1; i <= rows; i++)
        {
            for (var j = 0; j < i; j++) sums[i, j] = double.PositiveInfinity;
            for (var j = i; j <= columns; j++) sums[i, j] = Math.Min(sums[i, j - 1], sums[i - 1, j - 1] + costs[i - 1, j - 1]);
        }
        var found = new int[rows];
        for (int i = rows, j = columns; i > 0; j--)
        {
            if (j > i && sums[i, j] == sums[i, j - 1]) continue;
            found[--i] = j - 1;
        }
        return found;
    }

    private static double[] Values(Tensor sums) => sums.cpu().data<double>().ToArray();
}
