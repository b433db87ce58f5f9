using System.CommandLine;
using NeuralStyle.Cli.Options;
using NeuralStyle.Settings;

namespace NeuralStyle.Cli.Batch.Inputs;

/// <summary>
/// The options that decide a single picture, as texts by name: those of the settings table, the preset, and how the file is
/// written. They come from the command line for all pictures or from a row of a pairs file for one.
/// </summary>
internal sealed class PictureOptions
{
    private const string NoMask = "none";

    private readonly StyleOptions _style;
    private readonly IReadOnlyList<Option<string>> _all;

    public PictureOptions(StyleOptions style)
    {
        _style = style;
        _all = [style.Preset, .. style.Table.Select(option => option.Option), StyleWeights, ContentMask, StyleMasks, Protect, BitDepth, Quality];
    }

    public Option<string> StyleWeights { get; } = new("--style-weights") { Description = "how much of each style, for instance 2,1", HelpName = "X,X…" };
    public Option<string> ContentMask { get; } = new("--content-mask") { Description = "a picture that names regions of the content by flat colours or greys; needs --style-mask", HelpName = "FILE" };
    public Option<string> StyleMasks { get; } = new("--style-mask") { Description = "where in a style those regions take their look from; several with | between them, 'none' for all of a style", HelpName = "FILE|none" };
    public Option<string> Protect { get; } = new("--protect") { Description = "a picture that is white where the content stays as it is", HelpName = "FILE" };

    public Option<string> BitDepth { get; } = new("--bit-depth") { Description = "bits per channel of PNG and TIFF [8]", HelpName = "8|16" };
    public Option<string> Quality { get; } = new("--quality") { Description = "of JPEG, WebP and AVIF, 1 to 100 [95]", HelpName = "N" };

    public void AddTo(Command command)
    {
        foreach (var option in _all) command.Options.Add(option);
    }

    /// <summary>What the command line gives for all pictures.</summary>
    public IReadOnlyDictionary<string, string> Given(ParseResult parse) => _all
        .Select(option => (option.Name, Text: parse.GetValue(option)))
        .Where(option => option.Text is not null)
        .ToDictionary(option => option.Name, option => option.Text!);

    /// <summary>The option that a column is named for, with or without its hyphens.</summary>
    /// <exception cref="InvalidInputException">There is none; the message suggests the nearest.</exception>
    public string Canonical(string header)
    {
        var bare = header.TrimStart('-');
        return _all.FirstOrDefault(option => option.Aliases.Append(option.Name).Any(name => name.TrimStart('-').Equals(bare, StringComparison.OrdinalIgnoreCase)))?.Name
            ?? throw ValueNames.Unknown("--pairs: the column", header, [PairsFile.Content, PairsFile.Style, PairsFile.Output, .. _all.Select(option => option.Name.TrimStart('-'))]);
    }

    /// <summary>The settings that texts stand for, checked.</summary>
    public StyleSettings Settings(IReadOnlyDictionary<string, string> texts)
    {
        var settings = Presets.Find(texts.GetValueOrDefault(_style.Preset.Name) ?? "default");
        foreach (var option in _style.Table)
        {
            if (texts.TryGetValue(option.Option.Name, out var text)) settings = option.Apply(settings, text);
        }
        if (texts.ContainsKey("--style-size") && texts.ContainsKey("--style-scale"))
            throw new InvalidInputException("--style-size and --style-scale were both given; give one of them");
        settings.Validate();
        return settings;
    }

    /// <summary>One weight for each style; null counts them alike.</summary>
    public IReadOnlyList<double>? StyleWeightsOf(IReadOnlyDictionary<string, string> texts) =>
        texts.TryGetValue(StyleWeights.Name, out var text) ? Values.Numbers(StyleWeights.Name, text) : null;

    /// <summary>One mask for each style, null for all of a style; null when none was given.</summary>
    public IReadOnlyList<string?>? StyleMasksOf(IReadOnlyDictionary<string, string> texts) =>
        texts.TryGetValue(StyleMasks.Name, out var text) ? text.Split(PairsFile.Several, StringSplitOptions.TrimEntries).Select(mask => mask == NoMask ? null : mask).ToArray() : null;

    /// <summary>The text of an option with the paths in it replaced; texts without paths stay.</summary>
    public string Located(string name, string text, Func<string, string> locate)
    {
        if (name == ContentMask.Name || name == Protect.Name) return locate(text);
        if (name == StyleMasks.Name) return string.Join(PairsFile.Several, text.Split(PairsFile.Several, StringSplitOptions.TrimEntries).Select(mask => mask == NoMask ? mask : locate(mask)));
        return name == "--init" && StartImage.Parse(text).Path is { } start ? locate(start) : text;
    }

    /// <summary>Bits per channel, 8 or 16.</summary>
    public int BitDepthOf(IReadOnlyDictionary<string, string> texts) => texts.TryGetValue(BitDepth.Name, out var text) ? Values.InRange(BitDepth.Name, text, 8, 16) : 8;

    /// <summary>Quality of lossy formats, 1 to 100.</summary>
    public int QualityOf(IReadOnlyDictionary<string, string> texts) => texts.TryGetValue(Quality.Name, out var text) ? Values.InRange(Quality.Name, text, 1, 100) : 95;
}
