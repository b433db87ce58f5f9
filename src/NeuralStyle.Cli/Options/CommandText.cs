using System.CommandLine;
using System.Text.RegularExpressions;

namespace NeuralStyle.Cli.Options;

/// <summary>A command line in a form that can be typed again.</summary>
internal static partial class CommandText
{
    /// <summary>The parsed arguments, with response files expanded.</summary>
    public static string Of(ParseResult parse) => Of(parse.Tokens.Select(token => token.Value), OperatingSystem.IsWindows());

    /// <summary>The arguments after the program's name, quoted where a shell would split them.</summary>
    public static string Of(IEnumerable<string> arguments, bool windows) =>
        string.Join(' ', arguments.Select(argument => Quote(argument, windows)).Prepend("nst"));

    private static string Quote(string argument, bool windows)
    {
        if (Plain().IsMatch(argument)) return argument;
        // on Windows no file name contains a quote
        return windows ? $"\"{argument}\"" : $"'{argument.Replace("'", @"'\''", StringComparison.Ordinal)}'";
    }

    [GeneratedRegex(@"^[\p{L}\p{N}_+=:,./-]+\z")]
    private static partial Regex Plain();
}
