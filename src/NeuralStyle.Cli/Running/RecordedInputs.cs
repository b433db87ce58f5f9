using NeuralStyle.Imaging;
using NeuralStyle.Vgg.BuiltIn;
using NeuralStyle.Weights;

namespace NeuralStyle.Cli.Running;

/// <summary>Finds the files that a record names, and sees that they are still the same.</summary>
/// <param name="picture">The picture that carries the record; its folder is searched too.</param>
/// <param name="record">How it was made.</param>
/// <param name="mayDiffer">Whether files that changed are accepted.</param>
internal sealed class RecordedInputs(string picture, RunRecord record, bool mayDiffer)
{
    /// <summary>The path of a recorded file: as recorded, else beside the picture.</summary>
    /// <exception cref="InvalidInputException">It is gone or has changed.</exception>
    public string Find(InputFile file)
    {
        var beside = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(picture))!, Path.GetFileName(file.Path));
        var path = ((string[])[file.Path, beside]).FirstOrDefault(File.Exists)
            ?? throw new InvalidInputException($"'{picture}' was made from '{file.Path}', which is not there; put it back, there or beside the picture");
        using var found = Picture.Load(path);
        if (!mayDiffer && found.Sha256 != file.Sha256)
            throw new InvalidInputException($"'{path}' is not the picture that '{picture}' was made from: its content has changed; put the old one back, or give --changed-inputs");
        return path;
    }

    /// <summary>The same, null where nothing was recorded.</summary>
    public string? FindOptional(InputFile? file) => file is null ? null : Find(file);

    /// <summary>The settings with the picture to start from where it lies now.</summary>
    public StyleSettings WithStart(StyleSettings settings) => record.Start is { } start ? settings with { Start = settings.Start with { Path = Find(start) } } : settings;

    /// <summary>The weights' file or name.</summary>
    /// <exception cref="InvalidInputException">The weights in use here are others.</exception>
    public string FindWeights()
    {
        if (record.Weights.Path == BuiltInNetwork.Name)
        {
            return mayDiffer || BuiltInNetwork.Create().Sha256 == record.Weights.Sha256
                ? BuiltInNetwork.Name
                : throw new InvalidInputException($"'{picture}' was made with the built-in network of another version; give --changed-inputs to use this one");
        }
        var path = new WeightsLocator().Locate(File.Exists(record.Weights.Path) ? record.Weights.Path : null).Path;
        if (path is not null && (mayDiffer || WeightsFile.Load(path).Sha256 == record.Weights.Sha256)) return path;
        throw new InvalidInputException($"'{picture}' was made with the weights '{record.Weights.Path}' (SHA-256 {record.Weights.Sha256[..Math.Min(12, record.Weights.Sha256.Length)]}…), which are not in use here; name their file by --weights");
    }
}
