using System.CommandLine;
using System.CommandLine.Parsing;

namespace NeuralStyle.Cli.Options;

/// <summary>Empty arguments, such as a shell gives for a variable that is not set. No command has a use for one.</summary>
internal static class EmptyArguments
{
    /// <summary>The message about the first one; null if there is none.</summary>
    public static string? Of(ParseResult parse)
    {
        var tokens = parse.Tokens;
        for (var at = 0; at < tokens.Count; at++)
        {
            if (tokens[at].Value.Length > 0) continue;
            var name = at > 0 && tokens[at - 1].Type == TokenType.Option ? tokens[at - 1].Value : "an argument";
            return $"{name} is empty; expected a value; is a variable of the shell not set?";
        }
        return null;
    }
}
