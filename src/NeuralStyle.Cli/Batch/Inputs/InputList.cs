using NeuralStyle.Runtime.Files;
using NeuralStyle.Imaging;

namespace NeuralStyle.Cli.Batch.Inputs;

/// <summary>Turns an argument into picture files: a file, a folder, a pattern, or a list file (.txt, one path a line).</summary>
internal static class InputList
{
    /// <summary>The files, in the same order on every machine.</summary>
    /// <param name="argument">What the user wrote.</param>
    /// <param name="outputFolder">The folder for results, which a folder or pattern must not include.</param>
    /// <param name="note">Receives a line about the files that a folder or a pattern skips; null for none.</param>
    /// <exception cref="InvalidInputException">There are no pictures, or the results would be included.</exception>
    public static IReadOnlyList<string> Expand(string argument, string outputFolder, Action<string>? note = null)
    {
        if (File.Exists(argument)) return IsList(argument) ? ReadList(argument) : [argument];
        if (Directory.Exists(argument))
        {
            var subfolders = FolderList.Of(argument, Directory.EnumerateDirectories)
                .Count(folder => !Path.GetFileName(folder).StartsWith('.'));
            return Listed(argument, outputFolder, $"the folder '{argument}' holds no pictures that can be read",
                FolderList.Of(argument, Directory.EnumerateFiles), subfolders, note);
        }
        if (PathPattern.IsPattern(argument))
            return Listed(argument, outputFolder, $"no picture that can be read matches '{argument}'", Walk(argument), 0, note);
        FileFailure.CheckReachable(argument);
        throw new InvalidInputException($"'{argument}' does not exist; expected a picture, a folder, a pattern in quotes such as "
            + $"'photos/*.jpg', or a .txt file with one path a line");
    }

    /// <summary>The paths in a list file; blank lines and lines that begin with # are ignored.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="folder">The file's folder, which relative paths start from; empty for the current one.</param>
    public static IReadOnlyList<string> ParseList(string text, string folder) =>
        text.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.TrimEntries)
        .Where(line => line.Length > 0 && !line.StartsWith('#')).Select(line => Path.Combine(folder, line)).ToArray();

    private static bool IsList(string path) => Path.GetExtension(path).Equals(".txt", StringComparison.OrdinalIgnoreCase);

    private static string[] ReadList(string path)
    {
        var paths = ParseList(TextFile.Read(path), Path.GetDirectoryName(path) ?? "");
        return paths.Count > 0 ? [.. paths] : throw new InvalidInputException($"'{path}' names no picture; expected one path a line");
    }

    private static string[] Listed(string argument, string outputFolder, string emptyMessage, IEnumerable<string> found, int subfolders,
        Action<string>? note)
    {
        var all = found.Where(file => !Path.GetFileName(file).StartsWith('.')).ToArray();
        var files = all.Where(IsPicture).Order(StringComparer.Ordinal).ToArray();
        var passedOver = PassedOver(argument, all.Except(files).ToArray(), subfolders);
        if (files.Length == 0)
            throw new InvalidInputException(
                $"{emptyMessage}{(passedOver is null ? "" : $"; there are {passedOver}")}; expected {PictureFormats.Names}");
        if (passedOver is not null) note?.Invoke($"'{argument}': skipped {passedOver}");
        var results = FileIdentity.Of(outputFolder);
        if (files.Select(file => Path.GetDirectoryName(Path.GetFullPath(file))!)
            .Distinct()
            .Any(folder => FileIdentity.Of(folder) == results))
            throw new InvalidInputException($"'{argument}' includes the output folder '{outputFolder}', whose results would be the next "
                + $"run's inputs; choose another folder for -o");
        return files;
    }

    private static IEnumerable<string> Walk(string text)
    {
        var pattern = new PathPattern(text);
        var start = pattern.Folder.Length == 0 ? "." : pattern.Folder;
        if (!Directory.Exists(start)) yield break;
        var options = new EnumerationOptions { RecurseSubdirectories = pattern.Depth > 1, AttributesToSkip = FileAttributes.System };
        foreach (var file in FolderList.Of(start, folder => Directory.EnumerateFiles(folder, "*", options)))
        {
            var below = Path.GetRelativePath(start, file);
            if (pattern.Matches(below)) yield return Path.Combine(pattern.Folder, below);
        }
    }

    /// <summary>
    /// The files that a folder or pattern skips, for instance <c>2 .svg, 1 .txt, 1 subfolder ('photos/**/*' takes these too)</c>.
    /// </summary>
    private static string? PassedOver(string argument, IReadOnlyList<string> files, int subfolders)
    {
        var kinds = files.GroupBy(file => Path.GetExtension(file).ToLowerInvariant())
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => $"{group.Count()} {(group.Key.Length == 0 ? "without extension" : group.Key)}");
        if (subfolders > 0)
            kinds = kinds.Append($"{subfolders} subfolder{(subfolders == 1 ? "" : "s")} ('{Path.Combine(argument, "**", "*")}' takes "
                + $"{(subfolders == 1 ? "it" : "them")} too)");
        var texts = kinds.ToArray();
        return texts.Length == 0 ? null : string.Join(", ", texts);
    }

    /// <summary>Whether a file has the name of a picture and is not hidden.</summary>
    public static bool IsPicture(string path) =>
        !Path.GetFileName(path).StartsWith('.') && PictureFormats.IsReadable(path);
}
