using System.Text.Json;
using NeuralStyle.Cli.Pages;
using NeuralStyle.Evaluation;
using NeuralStyle.Runs;

namespace NeuralStyle.Cli.Films;

/// <summary>
/// Keeps the losses of painted frames beside them, so that a report knows those of earlier runs and of other processes: a file for each
/// scene, which only the owner of the scene's claim writes.
/// </summary>
internal static class FrameLosses
{
    /// <summary>The losses of a frame.</summary>
    /// <param name="frame">Its number.</param>
    /// <param name="pass">The pass that painted it.</param>
    /// <param name="seconds">How long it took.</param>
    /// <param name="iterations">Of all scales.</param>
    /// <param name="last">The losses of its last iteration.</param>
    public static FrameLoss Of(int frame, int pass, double seconds, int iterations, LossReport last) => new(frame, seconds, iterations,
        last.Total, LossCharts.Parts.Where(part => last.Terms.Any(term => term.Kind == part.Kind))
            .ToDictionary(part => part.Name, part => last.Sum(part.Kind, weighted: true))) { Pass = pass };

    /// <summary>Adds a frame. The film does not depend on it: where it cannot be written, the report lacks it.</summary>
    public static void Add(FrameStore store, Scene scene, FrameLoss loss)
    {
        try
        {
            File.AppendAllText(PathOf(store, scene), JsonSerializer.Serialize(loss, RunRecord.Json) + "\n");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // the frame itself is written, or its own failure is told
        }
    }

    /// <summary>All that are there; the last line of a frame that was painted again counts.</summary>
    public static FrameHistory Read(FrameStore store, FilmPlan plan)
    {
        var history = new FrameHistory(plan.Scenes.Select(scene => scene.Length).ToArray());
        foreach (var path in plan.Scenes.Select(scene => PathOf(store, scene)).Where(File.Exists))
        {
            foreach (var line in File.ReadLines(path))
            {
                try
                {
                    if (JsonSerializer.Deserialize<FrameLoss>(line, RunRecord.Json) is { Parts: not null } loss) history.Add(loss);
                }
                catch (JsonException)
                {
                    // half a line, of a process that was killed
                }
            }
        }
        return history;
    }

    private static string PathOf(FrameStore store, Scene scene) =>
        Path.Combine(store.Folder, string.Create(System.Globalization.CultureInfo.InvariantCulture, $".losses_{scene.First:000000}.jsonl"));
}
