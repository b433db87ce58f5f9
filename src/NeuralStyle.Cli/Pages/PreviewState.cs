using System.Text.Json;
using NeuralStyle.Cli.Progress;

namespace NeuralStyle.Cli.Pages;

/// <summary>How far one page has read.</summary>
/// <param name="Run">The run that it shows.</param>
/// <param name="Epoch">Of its curves.</param>
/// <param name="Points">Points that it has.</param>
internal readonly record struct ReadMark(int Run, int Epoch, int Points);

/// <summary>What is sent to a page: the state, and the points of the curves that it does not have.</summary>
internal static class PreviewState
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>The state as JSON.</summary>
    /// <param name="hub">What there is.</param>
    /// <param name="mark">How far the page has read.</param>
    /// <returns>The JSON, and how far the page has read with it.</returns>
    public static (string Json, ReadMark Mark) Of(PreviewHub hub, ReadMark mark)
    {
        var run = hub.Current;
        if (run is null) return (Serialize(new { hub.Paused, hub.End, Batch = Batch(hub) }), mark);
        lock (run.Gate)
        {
            var curves = run.Curves;
            var from = mark.Run == run.Id && mark.Epoch == curves.Epoch ? mark.Points : 0;
            var json = Serialize(new
            {
                hub.Paused,
                hub.End,
                Batch = Batch(hub),
                Run = run.Id,
                Output = Path.GetFileName(run.Job.Output),
                Content = Path.GetFileName(run.Job.Content),
                Styles = run.Job.Styles.Select(Path.GetFileName),
                run.Job.Settings.Preset,
                run.Message,
                run.PictureVersion,
                Progress = run.Progress is not { } progress ? null : new
                {
                    Scale = progress.Scale + 1, progress.Scales, progress.Size.Width, progress.Size.Height, progress.Iteration, progress.Iterations, progress.Fraction, progress.Seconds,
                    Left = ProgressLines.TimeLeft(progress),
                },
                Curves = new { curves.Names, From = from, Points = curves.Points.Skip(from) },
            });
            return (json, new ReadMark(run.Id, curves.Epoch, curves.Points.Count));
        }
    }

    private static object? Batch(PreviewHub hub) => hub.Total == 0 ? null : new
    {
        hub.Total,
        hub.Counts.Done,
        hub.Counts.Failed,
        Finished = hub.Finished.Select(picture => new { picture.Name, picture.Kind, picture.Reason, Shown = picture.Path is not null }),
    };

    private static string Serialize<T>(T state) => JsonSerializer.Serialize(state, Json);
}
