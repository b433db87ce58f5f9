using NeuralStyle.Imaging;
using NeuralStyle.Runs;

namespace NeuralStyle.Cli.Pages;

/// <summary>The losses of one iteration.</summary>
/// <param name="Scale">The scale, from 0.</param>
/// <param name="Losses">The losses.</param>
internal sealed record LossPoint(int Scale, LossReport Losses)
{
    /// <summary>Iterations done at the scale.</summary>
    public int Iteration => Losses.Iteration;

    /// <summary>Seconds since the run began.</summary>
    public double Seconds => Losses.Seconds;
}

/// <summary>The time of one scale.</summary>
/// <param name="Size">Size of the picture.</param>
/// <param name="Iterations">Iterations done in this process.</param>
/// <param name="Seconds">From the end of the previous scale to the end of this one, targets included.</param>
internal sealed record ScaleTiming(PixelSize Size, int Iterations, double Seconds);

/// <summary>Collects the losses of every iteration.</summary>
internal sealed class LossHistory : IProgress<RunProgress>
{
    private readonly List<LossPoint> _points = [];
    private readonly List<PixelSize> _sizes = []; // of the scales seen, by index
    private readonly List<int> _scales = [];

    /// <summary>In the order of the iterations.</summary>
    public IReadOnlyList<LossPoint> Points => _points;

    /// <summary>Whether the run continued from a checkpoint, so that its first iterations are missing.</summary>
    public bool Resumed => _points is [var first, ..] && first is not { Scale: 0, Iteration: 1 };

    public void Report(RunProgress value)
    {
        if (_scales.Count == 0 || _scales[^1] != value.Scale)
        {
            _scales.Add(value.Scale);
            _sizes.Add(value.Size);
        }
        _points.AddRange(value.Losses.Select(losses => new LossPoint(value.Scale, losses)));
    }

    /// <summary>The times of the scales, in order.</summary>
    public IReadOnlyList<ScaleTiming> Timings()
    {
        List<ScaleTiming> timings = [];
        var before = Resumed ? _points[0].Seconds : 0;
        foreach (var (scale, size) in _scales.Zip(_sizes))
        {
            var points = _points.Where(point => point.Scale == scale).ToArray();
            timings.Add(new ScaleTiming(size, points.Length, points[^1].Seconds - before));
            before = points[^1].Seconds;
        }
        return timings;
    }
}
