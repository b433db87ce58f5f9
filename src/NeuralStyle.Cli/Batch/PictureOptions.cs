using System.CommandLine;
using NeuralStyle.Cli.Options;

namespace NeuralStyle.Cli.Batch;

/// <summary>
/// The options that decide a single picture, as texts by name: those of the settings table, the preset, and how the file is
/// written. They come from the command line for all pictures or from a row of a pairs file for one.
/// </summary>
internal sealed class PictureOptions
{
    private readonly StyleOptions _style;
    private readonly IReadOnlyList<Option<string>> _all;

    public PictureOptions(StyleOptions style)
    {
        _style = style;
        _all = [style.Preset, .. style.Table.Select(option => option.Option), BitDepth, Quality];
    }

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
        settings.Validate();
        return settings;
    }

    /// <summary>Bits per channel, 8 or 16.</summary>
    public int BitDepthOf(IReadOnlyDictionary<string, string> texts) => texts.TryGetValue(BitDepth.Name, out var text) ? Values.InRange(BitDepth.Name, text, 8, 16) : 8;

    /// <summary>Quality of lossy formats, 1 to 100.</summary>
    public int QualityOf(IReadOnlyDictionary<string, string> texts) => texts.TryGetValue(Quality.Name, out var text) ? Values.InRange(Quality.Name, text, 1, 100) : 95;
}
