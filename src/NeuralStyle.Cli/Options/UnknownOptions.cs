using System.CommandLine;
using System.CommandLine.Parsing;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Settings;

namespace NeuralStyle.Cli.Options;

/// <summary>Misspelt options, which would otherwise be taken for pictures.</summary>
internal static class UnknownOptions
{
    // options of neural-style and its descendants
    private static readonly Dictionary<string, string> s_elsewhere = new()
    {
        ["--content"] = "pictures are named without options: nst CONTENT STYLE",
        ["--style"] = "pictures are named without options: nst CONTENT STYLE",
        ["-content_image"] = "pictures are named without options: nst CONTENT STYLE",
        ["-style_image"] = "pictures are named without options: nst CONTENT STYLE",
    };

    /// <summary>Fails if a picture's name looks like an option.</summary>
    /// <exception cref="InvalidInputException">The message names it and suggests the most similar option of the command.</exception>
    public static void Refuse(ParseResult parse, IEnumerable<string> pictures)
    {
        var names = parse.Tokens.SkipWhile(token => token.Type != TokenType.DoubleDash).Select(token => token.Value).ToHashSet();
        if (pictures.FirstOrDefault(picture => picture.StartsWith('-') && picture != StandardPictures.Name && !names.Contains(picture))
            is { } unknown) throw Of(parse, unknown);
    }

    /// <summary>The error for an unknown option; suggests the most similar option of the command.</summary>
    public static InvalidInputException Of(ParseResult parse, string unknown)
    {
        var everywhere = parse.RootCommandResult.Command.Options.Where(option => option.Recursive); // --help
        var known = parse.CommandResult.Command.Options.Union(everywhere).SelectMany(option => option.Aliases.Append(option.Name));
        var called = ParseErrors.PathOf(parse.CommandResult);
        return s_elsewhere.TryGetValue(unknown, out var meant)
            ? new InvalidInputException($"option '{unknown}' is not known; {meant}; see '{called} --help'")
            : ValueNames.Unknown("option", unknown, known.Where(name => name.StartsWith("--", StringComparison.Ordinal)).Order().ToArray(),
                $"see '{called} --help'");
    }
}
