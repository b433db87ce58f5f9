using System.Globalization;
using System.Text;
using NeuralStyle.Runs.Checkpoints;

namespace NeuralStyle.Cli.Jobs;

/// <summary>Default names of results. Never the name of an existing file: a number is added.</summary>
internal static class OutputNames
{
    private const int LongestStem = 150; // bytes; temporary files and checkpoints have longer names

    /// <summary>Next to the content: <c>content--style.png</c>.</summary>
    /// <param name="content">The content picture; null for a texture, which is named after its style and next to it.</param>
    /// <param name="styles">The style pictures.</param>
    /// <param name="extension">With the dot.</param>
    /// <param name="resume">Whether to continue an interrupted run, whose name is then used.</param>
    /// <exception cref="InvalidInputException">There is no file to name it after.</exception>
    public static string Beside(string? content, IReadOnlyList<string> styles, string extension, bool resume)
    {
        var beside = content ?? styles[0];
        if (beside == StandardPictures.Name || Path.GetFullPath(beside) is { } full && (Below("/dev", full) || Below("/proc", full)))
            throw new InvalidInputException(
                $"no output: '{beside}' is not a file to name the result after; expected -o FILE, for instance -o out.png, or -o -");
        var style = Joined(styles);
        return Free(beside, content is null ? $"{style}--texture" : $"{Stem(content)}--{style}", extension, resume);
    }

    /// <summary>In a folder: <c>content--style.png</c>.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="content">The content picture.</param>
    /// <param name="styles">The style pictures.</param>
    /// <param name="extension">With the dot.</param>
    /// <param name="taken">Whether a path is taken though no file is there yet.</param>
    public static string In(string folder, string content, IReadOnlyList<string> styles, string extension, Func<string, bool> taken) =>
        Names(folder, $"{Stem(content)}--{Joined(styles)}", extension)
            .First(name => !Path.Exists(name) && !File.Exists(name + CheckpointSettings.Extension) && !taken(name));

    /// <summary>Next to a picture that is made again: <c>picture-rerun.png</c>.</summary>
    public static string Rerun(string picture, string? extension, bool resume) =>
        Free(picture, $"{Stem(picture)}-rerun", extension ?? Path.GetExtension(picture), resume);

    private static string Free(string beside, string stem, string extension, bool resume)
    {
        string? begun = null; // the last interrupted one
        foreach (var name in Names(Path.GetDirectoryName(beside) ?? "", stem, extension))
        {
            var isBegun = File.Exists(name + CheckpointSettings.Extension);
            if (isBegun) begun = name;
            if (!isBegun && !Path.Exists(name)) return resume && begun is not null ? begun : name;
        }
        throw new InvalidInputException("there is no free name for the result; expected -o FILE");
    }

    private static IEnumerable<string> Names(string folder, string stem, string extension) => Enumerable.Range(1, int.MaxValue)
        .Select(number => Path.Combine(folder, Shortened(stem)
            + (number == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"-{number}")) + extension));

    private static string Joined(IReadOnlyList<string> styles) =>
        string.Join('+', styles.Select(path => path == StandardPictures.Name ? "stdin" : Stem(path)));

    private static string Stem(string path) => Path.GetFileNameWithoutExtension(path);

    private static string Shortened(string stem)
    {
        while (Encoding.UTF8.GetByteCount(stem) > LongestStem) stem = stem[..^(char.IsLowSurrogate(stem[^1]) ? 2 : 1)];
        return stem;
    }

    private static bool Below(string folder, string path) => path.StartsWith(folder + "/", StringComparison.Ordinal);
}
