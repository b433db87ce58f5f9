using NeuralStyle.Evaluation;
using NeuralStyle.Runs;

namespace NeuralStyle.Cli.Pages;

/// <summary>The weighted losses of a run's iterations, thinned out so that a long run takes no more memory than a short one.</summary>
internal sealed class LossCurves
{
    private const int MostPoints = 2000;

    private readonly List<double[]> _points = [];
    private int _stride = 1, _count;

    /// <summary>What a point's numbers mean, behind its place among the iterations: total, then parts, then terms.</summary>
    public IReadOnlyList<string> Names { get; private set; } = [];

    /// <summary>One array for each point: its place among the run's iterations, then a number for each name.</summary>
    public IReadOnlyList<double[]> Points => _points;

    /// <summary>Grows whenever points were taken away: who has read a part must read all again.</summary>
    public int Epoch { get; private set; }

    public void Add(LossReport losses)
    {
        if (Names.Count == 0) Names = ["total", "content", "style", "total variation", .. losses.Terms.Select(term => term.Name)];
        if (_count++ % _stride != 0) return;
        _points.Add([_count, losses.Total, losses.Sum(TermKind.Content, true), losses.Sum(TermKind.Style, true), losses.Sum(TermKind.TotalVariation, true),
            .. losses.Terms.Zip(losses.Raw).Select(pair => pair.First.Weight * pair.Second)]);
        if (_points.Count < MostPoints) return;
        for (var i = _points.Count - 1; i > 0; i -= 2) _points.RemoveAt(i); // every second one
        _stride *= 2;
        Epoch++;
    }
}
