using System.CommandLine;

namespace NeuralStyle.Cli.Options;

/// <summary>All options of a job. Each command adds the ones that it supports; <see cref="JobBinder"/> reads them.</summary>
internal sealed class JobOptions
{
    public JobOptions() => Picture = new PictureOptions(Style, Control, Output);

    public OutputOptions Output { get; } = new();

    public StyleOptions Style { get; } = new();

    public ControlOptions Control { get; } = new();

    public CheckpointOptions Checkpoint { get; } = new();

    public RunOptions Run { get; } = new();

    public PreviewOptions Preview { get; } = new();

    /// <summary>The options about a single picture, which a batch can set per picture.</summary>
    public PictureOptions Picture { get; }

    /// <summary>Adds all of them, in the order of the help page.</summary>
    /// <param name="command">The command.</param>
    /// <param name="textures">Whether those that begin a texture are among them.</param>
    public void AddTo(Command command, bool textures = true)
    {
        Output.AddTo(command);
        Style.AddTo(command);
        foreach (var option in textures ? Control.Table : Control.Pictures) command.Options.Add(option);
        Checkpoint.AddTo(command);
        Run.AddTo(command);
        Preview.AddTo(command);
    }
}
