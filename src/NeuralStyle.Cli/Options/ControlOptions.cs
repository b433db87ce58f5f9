using System.CommandLine;

namespace NeuralStyle.Cli.Options;

/// <summary>Options that name further pictures and say what goes where.</summary>
internal sealed class ControlOptions
{
    private const string NoMask = "none";

    public Option<string> StyleWeights { get; } = new("--style-weights") { Description = "how much of each style, for instance 2,1", HelpName = "X,X…" };
    public Option<string> ContentMask { get; } = new("--content-mask") { Description = "a picture that names regions of the content by flat colours or greys; needs --style-mask", HelpName = "FILE" };
    public Option<string[]> StyleMasks { get; } = new("--style-mask") { Description = "where in a style the regions of --content-mask take their look from, by the same colours; once for each style, 'none' for all of it", HelpName = "FILE|none", Arity = ArgumentArity.OneOrMore, AllowMultipleArgumentsPerToken = false };
    public Option<string> Protect { get; } = new("--protect") { Description = "a picture that is white where the content stays as it is", HelpName = "FILE" };
    public Option<string> Texture { get; } = new("--texture") { Description = "make more of this style, without a content picture", HelpName = "STYLE" };
    public Option<bool> Tileable { get; } = new("--tileable") { Description = "with --texture: the result repeats without seams" };

    public IReadOnlyList<Option> Table => [StyleWeights, ContentMask, StyleMasks, Protect, Texture, Tileable];

    /// <summary>Those that a rerun can override.</summary>
    public IReadOnlyList<Option> OfRerun => [StyleWeights, ContentMask, StyleMasks, Protect];

    public void AddTo(Command command)
    {
        foreach (var option in Table) command.Options.Add(option);
    }

    /// <summary>One weight for each style; null when they were not given.</summary>
    public IReadOnlyList<double>? WeightsOf(ParseResult parse) => parse.GetValue(StyleWeights) is { } text ? Values.Numbers("--style-weights", text) : null;

    /// <summary>The file that an option names, null for <c>none</c>; what was recorded where it was not given.</summary>
    public string? Or(ParseResult parse, Option<string> option, Func<string?> recorded) => parse.GetValue(option) is { } given ? given == NoMask ? null : given : recorded();

    /// <summary>One mask for each style; null when none was given.</summary>
    public IReadOnlyList<string?>? MasksOf(ParseResult parse) => parse.GetValue(StyleMasks) is { Length: > 0 } given ? given.Select(mask => mask == NoMask ? null : mask).ToArray() : null;
}
