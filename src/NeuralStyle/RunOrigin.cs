using NeuralStyle.Imaging;
using NeuralStyle.Runs;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;

namespace NeuralStyle;

/// <summary>The inputs of a result.</summary>
/// <param name="Inputs">Its pictures.</param>
/// <param name="Weights">Its network.</param>
/// <param name="Settings">Its settings.</param>
internal sealed record RunOrigin(StyleInputs Inputs, VggWeights Weights, StyleSettings Settings)
{
    /// <summary>The record for a file; null if a picture came from memory and has no name.</summary>
    public RunRecord? Record(PictureOutput output, bool completed)
    {
        PictureSource?[] used = [Inputs.Content, .. Inputs.Styles, Inputs.Start, Inputs.ContentMask, .. Inputs.StyleMasks
            ?? [], Inputs.Protect];
        if (used.Any(source => source is { File: null })) return null;
        return new RunRecord
        {
            Content = FileOf(Inputs.Content),
            Styles = Inputs.Styles.Select(style => FileOf(style)!).ToArray(),
            StyleWeights = Inputs.StyleWeights,
            Start = FileOf(Inputs.Start),
            ContentMask = FileOf(Inputs.ContentMask),
            StyleMasks = Inputs.StyleMasks?.Select(FileOf).ToArray(),
            Protect = FileOf(Inputs.Protect),
            Preprocessing = PreprocessingNames.NameOf(Weights.Preprocessing),
            Padding = Settings.NetworkFor(Weights).Padding,
            Encoding = output,
            Completed = completed,
            Weights = new InputFile(Weights.Name, Weights.Sha256),
            Settings = Settings,
        };
    }

    private static InputFile? FileOf(PictureSource? source) => source?.File is { } file ? new InputFile(file.Path, file.Sha256) : null;
}
