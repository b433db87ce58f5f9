using System.Text.Json.Nodes;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Cli.Pages;
using NeuralStyle.Cli.Progress;
using NeuralStyle.Runs;
using TorchSharp;

namespace NeuralStyle.Cli.Films;

/// <summary>
/// Who is told of the frames of a film: the progress lines, the log, the live page, and the losses kept beside the frames.
/// </summary>
internal sealed class FilmWatchers : IDisposable
{
    private readonly FrameStore _store;
    private readonly FilmProgress _progress;
    private readonly RunLog? _log;
    private readonly PreviewRun? _page;
    private readonly FrameHistory _history;
    private readonly int _passes;

    /// <param name="job">The film.</param>
    /// <param name="store">The frames.</param>
    /// <param name="plan">The scenes.</param>
    /// <param name="progress">Writes lines.</param>
    /// <param name="header">The first line of the log.</param>
    /// <param name="hub">The live page; null for none.</param>
    /// <param name="inputs">The styles, for the page.</param>
    /// <param name="warn">Told when the log can no longer be written.</param>
    /// <param name="cancellation">Ends the wait for someone to read the log.</param>
    public FilmWatchers(FilmJob job, FrameStore store, FilmPlan plan, FilmProgress progress, Func<string> header, PreviewHub? hub,
        JobInputs inputs, Action<string> warn, CancellationToken cancellation)
    {
        (_store, _progress, _passes) = (store, progress, job.Film.Passes);
        _history = FrameLosses.Read(store, plan);
        _log = job.Look.Log is { } file ? new RunLog(file, header(), warn, cancellation) : null;
        _page = hub?.Begin(job.Look, inputs.Open, (_, _) => { }, _history);
        Observer = Observers.Of(progress, _log, _page)!;
    }

    /// <summary>Told of each iteration.</summary>
    public IProgress<RunProgress> Observer { get; }

    /// <summary>The first line of a log: as for a picture, with what only a film has.</summary>
    public static string HeaderOf(FilmJob job, RunRecord look, JsonObject film, torch.Device device)
    {
        var line = JsonNode.Parse(LogHeader.Of(job.Look, look, device))!.AsObject();
        foreach (var (name, value) in film.Where(field => field.Key != "look").ToArray()) line[name] = value?.DeepClone();
        return line.ToJsonString(RunRecord.Json);
    }

    /// <summary>A frame begins.</summary>
    public void Begin(int number, int pass, torch.Tensor frame)
    {
        var painted = _store.Count();
        _progress.Begin(number, pass, painted);
        if (_log is not null) (_log.Frame, _log.Pass) = (number, pass);
        _page?.Begin(new FramePlace(number, pass, _passes, painted, _progress.Left), frame);
    }

    /// <summary>A frame is written.</summary>
    public void End(Scene scene, int number, int pass, torch.Tensor painted)
    {
        if (_progress.End(isFirst: pass == 1 && number == scene.First) is { } loss)
        {
            FrameLosses.Add(_store, scene, loss);
            _history.Add(loss);
        }
        _page?.Finish(painted);
    }

    public void Dispose() => _log?.Dispose();
}
