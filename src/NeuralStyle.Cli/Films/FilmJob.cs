using NeuralStyle.Cli.Jobs;
using NeuralStyle.Film;

namespace NeuralStyle.Cli.Films;

/// <summary>One film to make: everything that the command line specifies.</summary>
/// <param name="Source">A film, or a folder or pattern of frames.</param>
/// <param name="Output">A film, or a folder for frames.</param>
/// <param name="Look">Styles, settings, network and device, as for a picture; its content stands for the frames.</param>
/// <param name="Film">How frames are tied together.</param>
internal sealed record FilmJob(string Source, string Output, StyleJob Look, FilmSettings Film)
{
    /// <summary>The part that is painted, and its rate.</summary>
    public FilmPart Part { get; init; } = new();

    /// <summary>Where scenes begin.</summary>
    public SceneCuts Cuts { get; init; } = SceneCuts.Auto;

    /// <summary>Quality of the film, 1 to 100.</summary>
    public int Quality { get; init; } = FilmFormat.UsualQuality;

    /// <summary>Whether to continue an interrupted film.</summary>
    public bool Resume { get; init; }

    /// <summary>Whether to discard the frames of an interrupted film.</summary>
    public bool Restart { get; init; }

    /// <summary>Whether the result is a film; otherwise it is a folder of frames.</summary>
    public bool MakesFilm => FilmFormat.Of(Output) is not null;

    /// <summary>Where the frames are written.</summary>
    public string FrameFolder => MakesFilm ? Output + FrameStore.Extension : Path.TrimEndingDirectorySeparator(Output);
}
