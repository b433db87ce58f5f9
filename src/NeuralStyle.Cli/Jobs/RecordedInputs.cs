using NeuralStyle.Runs;
using NeuralStyle.Settings;
using NeuralStyle.Weights;
using NeuralStyle.Weights.BuiltIn;

namespace NeuralStyle.Cli.Jobs;

/// <summary>Finds the files that a record names, and checks that they are unchanged.</summary>
/// <param name="picture">The picture that carries the record; its folder is searched too.</param>
/// <param name="record">How it was made.</param>
/// <param name="mayDiffer">Whether files that changed are accepted.</param>
internal sealed class RecordedInputs(string picture, RunRecord record, bool mayDiffer)
{
    /// <summary>The path of a recorded file: as recorded, else beside the picture.</summary>
    /// <exception cref="InvalidInputException">It is gone or has changed.</exception>
    public string Find(InputFile file)
    {
        var beside = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(picture))!, RecordedFile.NameOf(file));
        var there = ((string[])[file.Path, beside]).Where(RecordedFile.IsThere).ToArray();
        // of two files of a name, the one that was used
        if (there.FirstOrDefault(candidate => FilePath.Sha256(candidate) == file.Sha256) is { } same) return same;
        if (there.Length == 0 && file.Path == StandardPictures.InputName)
            throw new InvalidInputException(
                $"'{picture}' was made from standard input, which is gone; run nst with the pictures as arguments");
        var path = there.FirstOrDefault()
            ?? throw new InvalidInputException(
                $"'{picture}' was made from '{file.Path}', which is not there; restore it, there or next to the picture");
        if (!mayDiffer)
            throw new InvalidInputException($"'{path}' is not the picture that '{picture}' was made from: its content has changed; put "
                + $"the old one back, or give --changed-inputs");
        return path;
    }

    /// <summary>The same; null if nothing was recorded.</summary>
    public string? FindOptional(InputFile? file) => file is null ? null : Find(file);

    /// <summary>The settings with the present path of the picture to start from.</summary>
    public StyleSettings WithStart(StyleSettings settings) =>
        record.Start is { } start ? settings with { Start = settings.Start with { Path = Find(start) } } : settings;

    /// <summary>The weights' file or name.</summary>
    /// <exception cref="InvalidInputException">The recorded weights are not found.</exception>
    public string FindWeights()
    {
        if (record.Weights.Path == BuiltInNetwork.Name)
        {
            return mayDiffer || BuiltInNetwork.Create().Sha256 == record.Weights.Sha256
                ? BuiltInNetwork.Name
                : throw new InvalidInputException(
                    $"'{picture}' was made with the built-in network of another version; give --changed-inputs to use this one");
        }
        if (WeightsCandidates().FirstOrDefault(path => HashOf(path) == record.Weights.Sha256) is { } used) return used;
        if (mayDiffer && new WeightsLocator().Locate().Path is { } other) return other;
        throw new InvalidInputException($"'{picture}' was made with the weights '{record.Weights.Path}' (SHA-256 "
            + $"{record.Weights.Sha256[..Math.Min(12, record.Weights.Sha256.Length)]}…), which are neither installed nor next to the "
            + $"pictures; give their file with --weights");
    }

    /// <summary>Whether weights are the ones that were used, so that the recorded facts about them are valid.</summary>
    /// <param name="asked">Their file or name; null for the ones that <see cref="FindWeights"/> finds.</param>
    public bool AreTheWeights(string? asked)
    {
        if (asked is null) return true;
        if (asked == BuiltInNetwork.Name) return record.Weights.Path == BuiltInNetwork.Name;
        return new WeightsLocator().Locate(asked).Path is { } path && WeightsFile.Load(path).Sha256 == record.Weights.Sha256;
    }

    /// <summary>The hash of a file's weights; null for what is no weights file, though it has the name of one.</summary>
    private static string? HashOf(string path)
    {
        try
        {
            return WeightsFile.Load(path).Sha256;
        }
        catch (InvalidInputException)
        {
            return null;
        }
    }

    /// <summary>
    /// Weights files of the recorded name, or in use here: as recorded, beside the picture, beside its inputs, then where runs look.
    /// </summary>
    private IEnumerable<string> WeightsCandidates()
    {
        var name = RecordedFile.NameOf(record.Weights);
        var folders = ((string?[])[picture, record.Content?.Path, .. record.Styles.Select(style => style.Path)])
            .OfType<string>()
            .Where(RecordedFile.IsPath)
            .Select(path => Path.GetDirectoryName(Path.GetFullPath(path))!);
        var named = folders.Select(folder => Path.Combine(folder, name))
            .Prepend(record.Weights.Path)
            .Where(path => name.Length > 0 && RecordedFile.IsThere(path));
        return (new WeightsLocator().Locate().Path is { } usual ? named.Append(usual) : named).Distinct();
    }
}
