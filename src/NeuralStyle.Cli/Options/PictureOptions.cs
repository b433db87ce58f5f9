using System.CommandLine;
using NeuralStyle.Settings;

namespace NeuralStyle.Cli.Options;

/// <summary>
/// The options about a single picture: the preset, the settings, pictures besides content and style, and the format of the file
/// to write. They come from the command line for all pictures, or from a row of a pairs file for one.
/// </summary>
internal sealed class PictureOptions(StyleOptions style, ControlOptions control, OutputOptions output)
{
    /// <summary>All of them.</summary>
    public IReadOnlyList<Option> Table { get; } =
        [style.Preset, .. style.Table.Select(option => option.Option), .. control.Pictures, output.BitDepth, output.Quality,
            output.Dpi];

    public void AddTo(Command command)
    {
        foreach (var option in Table) command.Options.Add(option);
    }

    /// <summary>The given ones: name and text.</summary>
    public IReadOnlyDictionary<string, string> Given(OptionTexts texts) =>
        Table.Where(texts.Has).ToDictionary(option => option.Name, option => texts[option]!);

    /// <summary>The option that a column is named after, with or without its hyphens.</summary>
    /// <param name="header">The column's name.</param>
    /// <param name="others">Other names that columns may have, for the message.</param>
    /// <exception cref="InvalidInputException">There is none; the message suggests the most similar one.</exception>
    public string Canonical(string header, IEnumerable<string> others)
    {
        var bare = header.TrimStart('-');
        return Table.FirstOrDefault(option => option.Aliases.Append(option.Name).Any(Means))?.Name
            ?? throw ValueNames.Unknown("--pairs: the column", header, [.. others, .. Table.Select(option => option.Name.TrimStart('-'))]);

        bool Means(string name) => name.TrimStart('-').Equals(bare, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The text of an option with the paths in it replaced; texts without paths stay.</summary>
    public string Located(string name, string text, Func<string, string> locate)
    {
        if (name == control.ContentMask.Name || name == control.Protect.Name || name == control.StyleMasks.Name)
            return string.Join(OptionTexts.Several, ControlOptions.Files(text)
                .Select(file => file is null ? ControlOptions.None : locate(file)));
        return name == style.Init.Option.Name && StartImage.Parse(text).Path is { } start ? locate(start) : text;
    }
}
