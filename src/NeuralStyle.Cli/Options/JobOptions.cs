namespace NeuralStyle.Cli.Options;

/// <summary>All options of a job. Each command adds those that it has; <see cref="JobBinder"/> reads them.</summary>
internal sealed class JobOptions
{
    public JobOptions() => Picture = new PictureOptions(Style, Control, Output);

    public OutputOptions Output { get; } = new();

    public StyleOptions Style { get; } = new();

    public ControlOptions Control { get; } = new();

    public CheckpointOptions Checkpoint { get; } = new();

    public RunOptions Run { get; } = new();

    public PreviewOptions Preview { get; } = new();

    /// <summary>Those that decide a single picture, which a batch can set for each picture.</summary>
    public PictureOptions Picture { get; }
}
