using System.Text.Json;
using System.Text.Json.Serialization;
using NeuralStyle.Cli.Progress;

namespace NeuralStyle.Cli.Pages;

/// <summary>The state that is sent to a page. The page fetches pictures and curves when their numbers change.</summary>
internal static class PreviewState
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>The state as JSON.</summary>
    public static string Of(PreviewHub hub)
    {
        var run = hub.Current;
        if (run is null) return Serialize(new { hub.Paused, hub.End, Batch = Batch(hub) });
        lock (run.Gate)
        {
            return Serialize(new
            {
                hub.Paused,
                hub.End,
                Batch = Batch(hub),
                Run = run.Id,
                Output = Path.GetFileName(run.Job.OutputName),
                Content = Path.GetFileName(run.Job.Content),
                Styles = run.Job.Styles.Select(Path.GetFileName),
                run.Job.Settings.Preset,
                run.Message,
                run.PictureVersion,
                Loss = run.Film is null ? run.Curves.Last?.Total : run.Progress?.Loss,
                LossVersion = run.Film?.Changes ?? run.Curves.Count,
                Film = run.Film is not { Frames: var frames } ? null : new
                {
                    Frames = frames,
                    run.Frame?.Place.Number,
                    run.Frame?.Place.Pass,
                    run.Frame?.Place.Passes,
                    run.Frame?.Place.Painted,
                    run.Frame?.Place.Left,
                },
                Progress = Progress(run),
            });
        }
    }

    private static object? Progress(PreviewRun run) => run.Progress is not { } progress ? null : new
    {
        Scale = progress.Scale + 1,
        progress.Scales,
        progress.Size.Width,
        progress.Size.Height,
        progress.Iteration,
        progress.Iterations,
        progress.Fraction,
        progress.Seconds,
        Left = ProgressLines.TimeLeft(progress, separator: ""),
    };

    private static object? Batch(PreviewHub hub) => hub.Total == 0 ? null : new
    {
        hub.Total,
        hub.Counts.Done,
        hub.Counts.Failed,
        Finished = hub.Finished.Select(picture => new { picture.Name, picture.Kind, picture.Reason, Shown = picture.Path is not null }),
    };

    private static string Serialize<T>(T state) => JsonSerializer.Serialize(state, s_json);
}
