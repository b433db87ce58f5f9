using System.Text;

namespace NeuralStyle.Cli.Pages;

/// <summary>The losses that a frame of a film ended with.</summary>
/// <param name="Frame">From 1.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Iterations">Of all its scales.</param>
/// <param name="Total">The total loss.</param>
/// <param name="Parts">Its parts by name, weighted.</param>
internal sealed record FrameLoss(int Frame, double Seconds, int Iterations, double Total, IReadOnlyDictionary<string, double> Parts)
{
    /// <summary>The pass that painted it, from 1.</summary>
    public int Pass { get; init; } = 1;
}

/// <summary>The losses of a film's frames, as curves. Thread-safe.</summary>
/// <param name="scenes">Number of frames of each scene.</param>
internal sealed class FrameHistory(IReadOnlyList<int> scenes)
{
    private const int MostNames = 12; // of scenes, side by side

    private readonly Lock _gate = new();
    private readonly FrameLoss?[] _losses = new FrameLoss?[scenes.Sum()];
    private int _changes;

    /// <summary>Number of frames of the film.</summary>
    public int Frames => _losses.Length;

    /// <summary>Increases with every frame that is added.</summary>
    public int Changes
    {
        get
        {
            lock (_gate) return _changes;
        }
    }

    /// <summary>The frames that are known, in order.</summary>
    public IReadOnlyList<FrameLoss> Known
    {
        get
        {
            lock (_gate) return _losses.OfType<FrameLoss>().ToArray();
        }
    }

    /// <summary>Adds a frame; a frame that was painted again, in this pass or a later one, replaces itself.</summary>
    public void Add(FrameLoss loss)
    {
        lock (_gate)
        {
            if (loss.Frame < 1 || loss.Frame > Frames) return;
            if (_losses[loss.Frame - 1] is { } known && known.Pass > loss.Pass) return;
            (_losses[loss.Frame - 1], _changes) = (loss, _changes + 1);
        }
    }

    /// <summary>The curves as HTML.</summary>
    public string Render()
    {
        FrameLoss?[] losses;
        lock (_gate) losses = _losses.ToArray();
        var names = losses.OfType<FrameLoss>().SelectMany(loss => loss.Parts.Keys).Distinct().ToArray();
        if (names.Length == 0) return "";
        var html = new StringBuilder();
        Chart("Loss of each frame at its end, and its parts",
        [
            new Series("total", Values(loss => loss.Total)),
            .. names.Select(name => new Series(name, Values(loss => loss.Parts.TryGetValue(name, out var part) ? part : double.NaN))),
        ]);
        var which = losses.OfType<FrameLoss>().Any(loss => loss.Pass > 1) ? ", in the last pass that painted it" : "";
        Chart($"Seconds for each frame{which}", [new Series("seconds", Values(loss => loss.Seconds))]);
        return html.ToString();

        double[] Values(Func<FrameLoss, double> value) => losses.Select(loss => loss is null ? double.NaN : value(loss)).ToArray();

        void Chart(string title, IReadOnlyList<Series> series) => html.Append("<figure><figcaption>").Append(Html.Text(title))
            .Append("</figcaption>\n").Append(SvgChart.Render(title, Bands(), series, unit: "frames")).Append(SvgChart.Legend(series))
            .Append("</figure>\n");
    }

    private Band[] Bands() => scenes.Count is 1 or > MostNames
        ? [new Band("", Frames)]
        : scenes.Select((length, i) => new Band($"scene {i + 1}", length)).ToArray();
}
