using NeuralStyle.Runs;

namespace NeuralStyle.Cli.Pages;

/// <summary>The losses of a run's iterations, thinned out so that a long run takes no more memory than a short one.</summary>
internal sealed class LossCurves
{
    private const int MostPoints = 2000;

    private readonly List<LossReport> _points = [];
    private readonly List<Band> _bands = [];
    private int _scale = -1;

    /// <summary>Iterations seen.</summary>
    public int Count { get; private set; }

    /// <summary>Iterations between two points.</summary>
    public int Every { get; private set; } = 1;

    /// <summary>The stored points: the first iteration, and every N-th after it.</summary>
    public IReadOnlyList<LossReport> Points => _points;

    /// <summary>The scales, with the number of iterations seen at each.</summary>
    public IReadOnlyList<Band> Bands => _bands;

    /// <summary>The losses of the last iteration; null before the first.</summary>
    public LossReport? Last { get; private set; }

    public void Add(RunProgress value)
    {
        foreach (var losses in value.Losses)
        {
            if (value.Scale != _scale) _bands.Add(new Band($"{value.Size}", 0));
            _scale = value.Scale;
            _bands[^1] = _bands[^1] with { Length = _bands[^1].Length + 1 };
            Last = losses;
            if (Count++ % Every == 0) Keep(losses);
        }
    }

    private void Keep(LossReport losses)
    {
        _points.Add(losses);
        if (_points.Count < MostPoints) return;
        for (var i = _points.Count - 1; i > 0; i -= 2) _points.RemoveAt(i); // keep every second point
        Every *= 2;
    }
}
