using NeuralStyle.Imaging;
using NeuralStyle.Runs;

namespace NeuralStyle.Cli.Jobs;

/// <summary>The rule of all commands for existing results.</summary>
internal static class EarlierResult
{
    /// <summary>The option that keeps them.</summary>
    public const string Option = "--no-clobber";

    /// <summary>The description of the option, for help.</summary>
    public const string Description = "never replace an existing result";

    /// <summary>Writes a line that a result will be replaced, or fails.</summary>
    /// <param name="path">The result; null for none.</param>
    /// <param name="keep">Whether to keep it.</param>
    /// <param name="error">Told.</param>
    /// <exception cref="InvalidInputException">It exists and must be kept.</exception>
    public static void Meet(string? path, bool keep, TextWriter error)
    {
        if (path is null or StandardPictures.Name || !File.Exists(path)) return;
        if (keep)
            throw new InvalidInputException(
                $"'{path}' already exists, and {Option} keeps it; give another name, or leave out {Option}");
        ErrorLine.Hint(error, $"'{path}' already exists and will be replaced ({Option} would keep it)");
    }

    /// <summary>Says so when a result got another name than the one wanted, because a file had appeared there.</summary>
    /// <param name="wanted">The name wanted.</param>
    /// <param name="written">The name that it got.</param>
    /// <param name="error">Told.</param>
    /// <returns>The name that it got.</returns>
    public static string Told(string wanted, string written, TextWriter error)
    {
        Tell(wanted, written, line => ErrorLine.Warn(error, line));
        return written;
    }

    /// <summary>The same, to anyone.</summary>
    public static void Tell(string wanted, string written, Action<string> warn)
    {
        if (written != wanted)
            warn($"'{wanted}' appeared during the run, or is open in another program, and is kept; the result is '{written}'");
    }

    /// <summary>Whether a picture is the intermediate result of an interrupted run, which its continuation completes.</summary>
    public static bool IsUnfinished(string path) =>
        File.Exists(path) && RunRecord.TryFromJson(PictureMetadata.TryRead(path)) is { Completed: false };
}
