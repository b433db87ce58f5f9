using System.CommandLine;

namespace NeuralStyle.Cli.Options;

/// <summary>Options that name further pictures and say what goes where.</summary>
internal sealed class ControlOptions
{
    /// <summary>Stands for no file.</summary>
    public const string None = "none";

    public Option<string> StyleWeights { get; } = new("--style-weights")
    {
        Description = "share of each style, for instance 2,1; default: equal shares",
        HelpName = "X,X…",
    };

    public Option<string> ContentMask { get; } = new("--content-mask")
    {
        Description = "a picture that names regions of the content by flat colours or greys; needs --style-mask",
        HelpName = "FILE|none",
    };

    public Option<string[]> StyleMasks { get; } = new("--style-mask")
    {
        Description = "where in a style the regions of --content-mask take their look from, by the same colours; once for each style, or "
            + "all with | between them; 'none' for all of a style",
        HelpName = "FILE|none",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
    };

    public Option<string> Protect { get; } = new("--protect")
    {
        Description = "a picture that is white where the content stays as it is",
        HelpName = "FILE|none",
    };

    public Option<string> Texture { get; } = new("--texture")
    {
        Description = "make more of this style, without a content picture",
        HelpName = "STYLE",
    };

    public Option<bool> Tileable { get; } = new("--tileable") { Description = "with --texture: the result repeats without seams" };

    /// <summary>Those about the pictures of one result.</summary>
    public IReadOnlyList<Option> Pictures => [StyleWeights, ContentMask, StyleMasks, Protect];

    public IReadOnlyList<Option> Table => [.. Pictures, Texture, Tileable];

    public void AddTo(Command command)
    {
        foreach (var option in Table) command.Options.Add(option);
    }

    /// <summary>One weight for each style; null for equal weights.</summary>
    public IReadOnlyList<double>? WeightsOf(OptionTexts texts) =>
        texts[StyleWeights] is { } text ? Values.Numbers(StyleWeights.Name, text) : null;

    /// <summary>The file that an option names; null for <c>none</c> and where it was not given.</summary>
    public static string? FileOf(OptionTexts texts, Option option) => texts[option] is { } text && text != None ? text : null;

    /// <summary>One mask for each style, null for all of a style; null where masks say nothing.</summary>
    public IReadOnlyList<string?>? MasksOf(OptionTexts texts)
    {
        var masks = texts[StyleMasks] is { } text ? Files(text) : null;
        return masks is not null && FileOf(texts, ContentMask) is null && masks.All(mask => mask is null) ? null : masks;
    }

    /// <summary>The files that a text names, null for <c>none</c>.</summary>
    public static IReadOnlyList<string?> Files(string text) =>
        text.Split(OptionTexts.Several, StringSplitOptions.TrimEntries).Select(file => file == None ? null : file).ToArray();
}
