using System.CommandLine.Parsing;
using NeuralStyle.Cli.Jobs;
using System.CommandLine;
using NeuralStyle.Settings;

namespace NeuralStyle.Cli.Options;

/// <summary>Misspelt options, which would otherwise be taken for pictures.</summary>
internal static class UnknownOptions
{
    /// <summary>Fails when a picture's name looks like an option.</summary>
    /// <exception cref="InvalidInputException">Names the option and suggests the nearest of the command.</exception>
    public static void Refuse(ParseResult parse, IEnumerable<string> pictures)
    {
        var names = parse.Tokens.SkipWhile(token => token.Type != TokenType.DoubleDash).Select(token => token.Value).ToHashSet();
        if (pictures.FirstOrDefault(picture =>
            picture.StartsWith('-') && picture != StandardStreams.Name && !names.Contains(picture)) is not { } unknown) return;
        var known = parse.CommandResult.Command.Options.SelectMany(option => option.Aliases.Append(option.Name));
        var called = parse.CommandResult.Command is RootCommand ? "nst" : $"nst {parse.CommandResult.Command.Name}";
        throw ValueNames.Unknown("option", unknown, known.Where(name => name.StartsWith("--", StringComparison.Ordinal)).Order().ToArray(),
            $"see '{called} --help'");
    }
}
