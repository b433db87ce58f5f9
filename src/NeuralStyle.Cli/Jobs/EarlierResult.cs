using NeuralStyle.Imaging;
using NeuralStyle.Runs;

namespace NeuralStyle.Cli.Jobs;

/// <summary>What becomes of a result that is there already: the one rule of all commands.</summary>
internal static class EarlierResult
{
    /// <summary>The option that keeps it.</summary>
    public const string Option = "--no-clobber";

    /// <summary>What the option does, for help.</summary>
    public const string Description = "never replace a result that is there already";

    /// <summary>Says that a result will be replaced, or refuses.</summary>
    /// <param name="path">The result; null for none.</param>
    /// <param name="keep">Whether it is to stay.</param>
    /// <param name="error">Told.</param>
    /// <exception cref="InvalidInputException">It is there and is to stay.</exception>
    public static void Meet(string? path, bool keep, TextWriter error)
    {
        if (path is null or StandardPictures.Name || !File.Exists(path)) return;
        if (keep)
            throw new InvalidInputException(
                $"'{path}' is there already and stays, as {Option} says; name another file, or leave out {Option}");
        ErrorLine.Hint(error, $"'{path}' is there already and will be replaced ({Option} keeps it)");
    }

    /// <summary>Whether a picture is what an interrupted run left behind, which its continuation completes.</summary>
    public static bool IsUnfinished(string path)
    {
        try
        {
            return File.Exists(path) && PictureMetadata.TryRead(path) is { } json && !RunRecord.FromJson(json).Completed;
        }
        catch (InvalidInputException)
        {
            return false; // by another program
        }
    }
}
