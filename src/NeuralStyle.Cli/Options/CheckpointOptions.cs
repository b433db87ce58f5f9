using System.CommandLine;
using System.Globalization;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Runs.Checkpoints;

namespace NeuralStyle.Cli.Options;

/// <summary>Options about saving the state of a run and continuing from it; see docs/resume.md.</summary>
internal sealed class CheckpointOptions
{
    private const double LongestMinutes = 7 * 24 * 60;

    public Option<bool> Resume { get; } =
        new("--resume") { Description = "continue from the checkpoint if there is one, else start at the beginning" };

    public Option<string> Checkpoint { get; } = new("--checkpoint")
    {
        Description = $"file for the state of the run; default: the output's name with {CheckpointSettings.Extension}; "
            + "deleted when the run is done",
        HelpName = "FILE",
    };

    public Option<string> Every { get; } = new("--checkpoint-every")
    {
        Description = "minutes between checkpoints; 0: save after every iteration",
        HelpName = "X",
        DefaultValueFactory = _ => CheckpointSettings.DefaultEvery.TotalMinutes.ToString(CultureInfo.InvariantCulture),
    };

    public Option<bool> None { get; } = new("--no-checkpoint") { Description = "do not save checkpoints" };

    public IReadOnlyList<Option> Table => [Resume, Checkpoint, Every, None];

    public void AddTo(Command command)
    {
        foreach (var option in Table) command.Options.Add(option);
    }

    /// <summary>The command line's checkpoint settings; null for no checkpoints.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="output">The picture to write; for standard output, nothing is saved unless a file is given.</param>
    public JobCheckpoint? Bind(ParseResult parse, string output)
    {
        if (!parse.CommandResult.Command.Options.Contains(Every)) return null;
        var (file, resume) = (parse.GetValue(Checkpoint), parse.GetValue(Resume));
        var minutes = Values.Number("--checkpoint-every", parse.GetValue(Every)!);
        if (minutes is < 0 or > LongestMinutes)
            throw new InvalidInputException(string.Create(CultureInfo.InvariantCulture,
                $"--checkpoint-every is {minutes}; expected minutes from 0 to {LongestMinutes}"));
        if (output == StandardPictures.Name && file is null)
            return resume
                ? throw new InvalidInputException("--resume with -o - needs --checkpoint FILE, because the output has no name")
                : null;
        if (!parse.GetValue(None))
            return new JobCheckpoint(file ?? output + CheckpointSettings.Extension, TimeSpan.FromMinutes(minutes), resume);
        if (resume || file is not null)
            throw new InvalidInputException(
                $"--no-checkpoint and {(resume ? "--resume" : "--checkpoint")} were both given; leave out one of them");
        return null;
    }
}
