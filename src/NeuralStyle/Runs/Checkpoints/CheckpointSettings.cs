namespace NeuralStyle.Runs.Checkpoints;

/// <summary>Where a run saves its state, how often, and whether it continues from there. See docs/resume.md.</summary>
public sealed record CheckpointSettings
{
    /// <summary>The extension of a checkpoint next to the picture: <c>out.png.nst-checkpoint</c>.</summary>
    public const string Extension = ".nst-checkpoint";

    /// <summary>Default time between two saves.</summary>
    public static TimeSpan DefaultEvery { get; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// The file. It is replaced atomically, and remains when the run has ended: delete it once the picture is written.
    /// </summary>
    public required string Path { get; init; }

    /// <summary>The identity of the run. A checkpoint of another one is refused; versions and paths of files do not count.</summary>
    public required RunRecord Record { get; init; }

    /// <summary>Time between two saves; zero saves after every iteration.</summary>
    public TimeSpan Every { get; init; } = DefaultEvery;

    /// <summary>Whether to continue from the file if it exists; otherwise, the run starts from the beginning.</summary>
    public bool Resume { get; init; }

    /// <summary>Receives a line about where the run continues; null for none.</summary>
    public Action<string>? Notice { get; init; }

    /// <summary>
    /// Receives a line if the picture may differ, or if a checkpoint could not be saved: a full disk is no reason to end a run
    /// that goes well. If null, such a run ends with the error.
    /// </summary>
    public Action<string>? Warning { get; init; }
}
