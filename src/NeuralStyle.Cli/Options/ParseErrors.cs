using System.CommandLine;
using System.CommandLine.Parsing;
using NeuralStyle.Settings;

namespace NeuralStyle.Cli.Options;

/// <summary>The parser's errors, in one line with advice.</summary>
internal static class ParseErrors
{
    /// <summary>The line.</summary>
    public static string Of(ParseResult parse)
    {
        var (command, path) = (parse.CommandResult.Command, PathOf(parse.CommandResult));
        var messages = parse.Errors.Select(error => error.Message.TrimEnd('.')).Distinct().ToArray();
        if (messages.FirstOrDefault(message => message.Contains("response file", StringComparison.Ordinal)) is { } file) return file;
        var unknown = parse.UnmatchedTokens.FirstOrDefault();
        if (command.Subcommands.Count > 0 && command is not RootCommand)
        {
            var names = command.Subcommands.Where(child => !child.Hidden).Select(child => child.Name).ToArray();
            return unknown is null
                ? $"'{path}' needs a command: {string.Join(", ", names)}; see '{path} --help'"
                : $"'{unknown}' is not a command of '{path}'; "
                    + (ValueNames.Nearest(unknown, names) is { } near ? $"did you mean '{near}'? " : "")
                    + $"valid: {string.Join(", ", names)}";
        }
        var missing = command.Arguments.Where(argument => argument.Arity.MinimumNumberOfValues > 0
            && parse.GetResult(argument) is not { Tokens.Count: > 0 }).Select(argument => argument.Name).ToArray();
        if (missing.Length > 0 && unknown is null)
            return $"{string.Join(" and ", missing)} {(missing.Length == 1 ? "is" : "are")} missing; expected: "
                + $"{path} {string.Join(' ', command.Arguments.Select(argument => argument.Name))}; see '{path} --help'";
        return unknown?.StartsWith('-') == true
            ? UnknownOptions.Of(parse, unknown).Message
            : $"{string.Join("; ", messages)}; see '{path} --help'";
    }

    /// <summary>The path of the parsed command.</summary>
    public static string PathOf(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{PathOf(parent)} {result.Command.Name}" : "nst";
}
