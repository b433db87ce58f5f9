using System.CommandLine;
using System.Globalization;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Runs;
using NeuralStyle.Vgg;

namespace NeuralStyle.Cli.Options;

/// <summary>A job from the record of a picture: recorded values replace every option that is not given.</summary>
/// <param name="options">The options.</param>
/// <param name="picture">The picture that carries the record.</param>
/// <param name="record">How it was made.</param>
/// <param name="inputs">Finds its files.</param>
internal sealed class RecordedJob(JobOptions options, string picture, RunRecord record, RecordedInputs inputs)
{
    /// <summary>The pictures and options of the job.</summary>
    /// <param name="given">The options that were given.</param>
    /// <param name="output">The picture to write.</param>
    /// <exception cref="InvalidInputException">A required file is missing or has changed.</exception>
    public JobSource Source(OptionTexts given, string output)
    {
        var content = record.Content ?? throw new InvalidInputException(
            $"'{picture}' does not say what its content was; run nst with the pictures as arguments");
        var sameWeights = inputs.AreTheWeights(given[options.Run.Weights]);
        if (IsTexture && given.Has(options.Style.Preset)) // a preset for photographs must not start from the style itself
            given = given.Or(
                OptionTexts.Of(new TextureOptions(options).WithoutContent(given, record.Settings.Padding == PaddingMode.Circular)));
        return new JobSource(inputs.Find(content), record.Styles.Select(inputs.Find).ToArray(), output,
            given.Or(new OptionTexts(option => Recorded(option, sameWeights))), inputs.WithStart(record.Settings), sameWeights
                ? record.Padding
                : null) { WeightsOrigin = given.Has(options.Run.Weights) ? options.Run.Weights.Name : $"recorded in '{picture}'" };
    }

    private bool IsTexture => record.Settings.ContentWeight == 0 && record.Styles is [var style] && style.Sha256 == record.Content?.Sha256;

    /// <summary>The recorded value, as the text of an option; files are searched only if they are needed.</summary>
    private string? Recorded(Option option, bool sameWeights)
    {
        var (control, output, run) = (options.Control, options.Output, options.Run);
        if (option == control.StyleWeights) return record.StyleWeights is { } weights ? string.Join(',', weights.Select(Exact)) : null;
        if (option == control.ContentMask) return inputs.FindOptional(record.ContentMask);
        if (option == control.Protect) return inputs.FindOptional(record.Protect);
        if (option == control.StyleMasks)
            return record.StyleMasks is { } masks
                ? string.Join(OptionTexts.Several, masks.Select(mask => inputs.FindOptional(mask) ?? ControlOptions.None))
                : null;
        if (option == output.BitDepth) return record.Encoding.BitDepth.ToString(CultureInfo.InvariantCulture);
        if (option == output.Quality) return record.Encoding.Quality.ToString(CultureInfo.InvariantCulture);
        if (option == output.Dpi) return record.Encoding.Dpi is { } dpi ? Exact(dpi) : null;
        if (option == run.Weights) return inputs.FindWeights();
        return option == run.Preprocessing && sameWeights && RunOptions.Knows(record.Preprocessing) ? record.Preprocessing : null;
    }

    private static string Exact(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
