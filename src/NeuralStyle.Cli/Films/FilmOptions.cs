using System.CommandLine;
using System.Globalization;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Cli.Options;
using NeuralStyle.Film;

namespace NeuralStyle.Cli.Films;

/// <summary>Options of <c>nst video</c> about the film; see docs/video.md.</summary>
internal sealed class FilmOptions
{
    private const double LongestSeconds = 1e7;

    private static readonly FilmSettings s_default = new();

    public Option<string> Output { get; } = new("--output", "-o")
    {
        Description = $"film to write ({FilmFormat.Names}), or a folder for PNG frames",
        HelpName = "FILE|FOLDER",
    };

    public Option<string> Fps { get; } = new("--fps")
    {
        Description = "frames per second of the result; default: as in the film; 25 for pictures",
        HelpName = "X|N/N",
    };

    public Option<string> Start { get; } = new("--start") { Description = "seconds of the film to skip", HelpName = "X" };

    public Option<string> Duration { get; } = new("--duration")
    {
        Description = "seconds of the film to paint; default: to its end",
        HelpName = "X",
    };

    public Option<string> TemporalWeight { get; } = new("--temporal-weight")
    {
        Description = "how firmly each frame is held to the one before it; 0: not at all",
        HelpName = "X",
        DefaultValueFactory = _ => s_default.TemporalWeight.ToString(CultureInfo.InvariantCulture),
    };

    public Option<string> FrameIterations { get; } = new("--frame-iterations")
    {
        Description = "iterations for each frame but the first of a scene",
        HelpName = "N",
        DefaultValueFactory = _ => s_default.Iterations.ToString(CultureInfo.InvariantCulture),
    };

    public Option<string> Passes { get; } = new("--passes")
    {
        Description = "times that each scene is gone through, forward and backward in turn",
        HelpName = "N",
        DefaultValueFactory = _ => s_default.Passes.ToString(CultureInfo.InvariantCulture),
    };

    public Option<string> Cuts { get; } = new("--cuts")
    {
        Description = "frames that begin a new scene, for instance 49,97; auto: find them",
        HelpName = "auto|none|N,N…",
        DefaultValueFactory = _ => $"{SceneCuts.Auto}",
    };

    public Option<bool> Resume { get; } =
        new("--resume") { Description = "continue an interrupted film, join another nst that paints it, or start" };

    public Option<bool> Restart { get; } = new("--restart") { Description = "discard painted frames of an interrupted run" };

    public Option<string> Quality { get; } = new("--quality")
    {
        Description = "quality of the film, 1 to 100; 100 is nearly lossless",
        HelpName = "N",
        DefaultValueFactory = _ => FilmFormat.UsualQuality.ToString(CultureInfo.InvariantCulture),
    };

    public void AddTo(Command command)
    {
        Option[] all = [Output, Fps, Start, Duration, TemporalWeight, FrameIterations, Passes, Cuts, Resume, Restart, Quality];
        foreach (var option in all) command.Options.Add(option);
    }

    /// <summary>The job.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="source">The film.</param>
    /// <param name="output">The result.</param>
    /// <param name="look">Everything as for a picture.</param>
    /// <exception cref="InvalidInputException">A value is wrong.</exception>
    public FilmJob Bind(ParseResult parse, string source, string output, StyleJob look)
    {
        var film = new FilmSettings
        {
            TemporalWeight = Values.Number(TemporalWeight.Name, parse.GetValue(TemporalWeight)!),
            Iterations = Values.Whole(FrameIterations.Name, parse.GetValue(FrameIterations)!),
            Passes = Values.Whole(Passes.Name, parse.GetValue(Passes)!),
        };
        film.Validate();
        if (parse.GetValue(Resume) && parse.GetValue(Restart))
            throw new InvalidInputException("--resume and --restart were both given; leave out one of them");
        return new FilmJob(source, output, look, film)
        {
            Part = new FilmPart(parse.GetValue(Fps) is { } fps ? FrameRate.Parse(Fps.Name, fps) : null,
                SecondsOf(parse, Start) ?? 0, SecondsOf(parse, Duration)),
            Quality = Values.InRange(Quality.Name, parse.GetValue(Quality)!, 1, 100),
            Cuts = SceneCuts.Parse(Cuts.Name, parse.GetValue(Cuts)!),
            Resume = parse.GetValue(Resume),
            Restart = parse.GetValue(Restart),
        };
    }

    private static double? SecondsOf(ParseResult parse, Option<string> option)
    {
        if (parse.GetValue(option) is not { } text) return null;
        var value = Values.Number(option.Name, text);
        var least = option.Name == "--start" ? 0 : 1e-3;
        return value >= least && value <= LongestSeconds
            ? value
            : throw new InvalidInputException(string.Create(CultureInfo.InvariantCulture,
                $"{option.Name} is {value}; expected seconds from {least} to {LongestSeconds:0}"));
    }
}
