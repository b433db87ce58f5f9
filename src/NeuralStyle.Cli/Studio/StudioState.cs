using System.Text.Json;
using System.Text.Json.Serialization;
using NeuralStyle.Cli.Progress;
using NeuralStyle.Imaging;

namespace NeuralStyle.Cli.Studio;

/// <summary>The state of the studio as JSON for a page: its own trials, and the queue of all.</summary>
internal static class StudioState
{
    /// <summary>The JSON format of answers.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>The state.</summary>
    /// <param name="studio">The studio.</param>
    /// <param name="page">The page that asks.</param>
    public static string Of(Studio studio, string? page) => JsonSerializer.Serialize(new
    {
        Trial = Trial(studio.Trials.Of(page, isGrid: false)),
        Grid = Trial(studio.Trials.Of(page, isGrid: true)),
        Queue = studio.Queue.Items.Select(item => new
        {
            item.Id,
            item.Output,
            item.Wish,
            item.State,
            item.Error,
            item.Seconds,
            Work = item.Work is { } work ? Work(work) : null,
        }),
    }, Json);

    /// <summary>The pictures and the results of the folder.</summary>
    public static string Lists(Studio studio) => JsonSerializer.Serialize(new
    {
        Folder = studio.Folder.Root,
        Pictures = studio.Folder.List(),
        Results = studio.History.List().Select(result => new
        {
            result.Id,
            result.Size.Width,
            result.Size.Height,
            result.Completed,
            result.Wish,
        }),
    }, Json);

    private static object? Trial(Trial? trial) => trial is null ? null : new
    {
        trial.Id,
        Cells = trial.Cells.Select(cell => new { cell.State, cell.Error, cell.Seconds, cell.Wish, Work = Work(cell.Work) }),
    };

    private static object Work(Work work)
    {
        var progress = work.Progress;
        return new
        {
            work.Version,
            Fraction = progress?.Fraction ?? 0,
            Scale = progress?.Scale + 1,
            progress?.Scales,
            progress?.Iteration,
            progress?.Iterations,
            Size = progress is null ? null : Size(progress.Size),
            Left = progress is null ? null : ProgressLines.TimeLeft(progress),
        };
    }

    private static object Size(PixelSize size) => new { size.Width, size.Height };
}
