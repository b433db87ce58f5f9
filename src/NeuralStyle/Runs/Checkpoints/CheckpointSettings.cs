namespace NeuralStyle.Runs.Checkpoints;

/// <summary>Where a run saves its state, how often, and whether it continues from there. See docs/resume.md.</summary>
public sealed record CheckpointSettings
{
    /// <summary>What a checkpoint's name ends with when it lies beside the picture: <c>out.png.nst-checkpoint</c>.</summary>
    public const string Extension = ".nst-checkpoint";

    /// <summary>Time between two saves unless another is asked for.</summary>
    public static TimeSpan DefaultEvery { get; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// The file. It is replaced whole or not at all, and stays when the run has ended: delete it once the picture is written.
    /// </summary>
    public required string Path { get; init; }

    /// <summary>Which run this is. A checkpoint of another one is refused; versions and paths of files do not count.</summary>
    public required RunRecord Record { get; init; }

    /// <summary>Time between two saves; zero saves after every iteration.</summary>
    public TimeSpan Every { get; init; } = DefaultEvery;

    /// <summary>Whether to continue from the file where it is there; without it, the run starts from the beginning.</summary>
    public bool Resume { get; init; }

    /// <summary>Told in one line where the run continues; null for no one.</summary>
    public Action<string>? Notice { get; init; }

    /// <summary>
    /// Told in one line that the picture may differ, or that a checkpoint could not be saved: a full disk is no reason to end a run
    /// that goes well. Without anyone to be told, it ends with the error.
    /// </summary>
    public Action<string>? Warning { get; init; }
}
