using NeuralStyle.Runs;
using NeuralStyle.Runs.Checkpoints;

namespace NeuralStyle.Cli.Jobs;

/// <summary>Where a job saves its state.</summary>
/// <param name="Path">The file.</param>
/// <param name="Every">Time between two saves.</param>
/// <param name="Resume">Whether to continue from the file if it exists.</param>
internal sealed record JobCheckpoint(string Path, TimeSpan Every, bool Resume)
{
    /// <summary>Writes a line if the run does not start from where the user may expect.</summary>
    public void Announce(TextWriter error)
    {
        var exists = File.Exists(Path);
        if (Resume && !exists) ErrorLine.Hint(error, $"there is no checkpoint '{Path}' to continue from; starting at the beginning");
        if (!Resume && exists)
            ErrorLine.Hint(error, $"'{Path}' holds an interrupted run; starting again, which will overwrite it (--resume continues it)");
    }

    /// <summary>What the library takes.</summary>
    public CheckpointSettings For(RunRecord record, Notices? notices) =>
        new() { Path = Path, Every = Every, Resume = Resume, Record = record, Notice = notices?.Tell, Warning = notices?.Warn };

    /// <summary>Removes the file, once the picture is written.</summary>
    public void Remove()
    {
        try
        {
            File.Delete(Path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new RunFailedException(
                $"the picture is written, but its checkpoint '{Path}' cannot be removed: {failure.Message.TrimEnd('.')}", failure);
        }
    }
}
