using System.CommandLine;

namespace NeuralStyle.Cli.Options;

/// <summary>Options with further pictures and masks.</summary>
internal sealed class ControlOptions
{
    /// <summary>The value that means no file.</summary>
    public const string None = "none";

    public Option<string> StyleWeights { get; } = new("--style-weights")
    {
        Description = "weight of each style, for instance 2,1; default: equal weights",
        HelpName = "X,X…",
    };

    public Option<string> ContentMask { get; } = new("--content-mask")
    {
        Description = "picture that marks regions of the content by flat colours or greys; needs --style-mask",
        HelpName = "FILE|none",
    };

    public Option<string[]> StyleMasks { get; } = new("--style-mask")
    {
        Description = "picture that marks, in the colours of --content-mask, which part of a style each region uses; give one per style, "
            + "or all in one value with | between them; none: use the whole style",
        HelpName = "FILE|none",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
    };

    public Option<string> Protect { get; } = new("--protect")
    {
        Description = "picture that is white where the content must not change",
        HelpName = "FILE|none",
    };

    public Option<string> Texture { get; } = new("--texture")
    {
        Description = "paint a texture of this style, without a content picture",
        HelpName = "STYLE",
        Validators =
        {
            result =>
            {
                if (result.Tokens.Count > 1)
                    result.AddError("--texture was given more than once; a texture has one style, leave out the others");
            },
        },
    };

    public Option<bool> Tileable { get; } = new("--tileable") { Description = "make the result repeat without seams; needs --texture" };

    /// <summary>The options about the pictures of one result.</summary>
    public IReadOnlyList<Option> Pictures => [StyleWeights, ContentMask, StyleMasks, Protect];

    public IReadOnlyList<Option> Table => [.. Pictures, Texture, Tileable];

    /// <summary>One weight for each style; null for equal weights.</summary>
    public IReadOnlyList<double>? WeightsOf(OptionTexts texts) =>
        texts[StyleWeights] is { } text ? Values.Numbers(StyleWeights.Name, text) : null;

    /// <summary>The file that an option names; null for <c>none</c> and if it was not given.</summary>
    public static string? FileOf(OptionTexts texts, Option option) => texts[option] is { } text && text != None ? text : null;

    /// <summary>One mask per style, null for a whole style; null if there are no masks.</summary>
    public IReadOnlyList<string?>? MasksOf(OptionTexts texts)
    {
        var masks = texts[StyleMasks] is { } text ? Files(text) : null;
        return masks is not null && FileOf(texts, ContentMask) is null && masks.All(mask => mask is null) ? null : masks;
    }

    /// <summary>The files that a text names, null for <c>none</c>.</summary>
    public static IReadOnlyList<string?> Files(string text) =>
        text.Split(OptionTexts.Several, StringSplitOptions.TrimEntries).Select(file => file == None ? null : file).ToArray();
}
