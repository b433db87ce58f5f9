using System.CommandLine;
using System.Text.RegularExpressions;

namespace NeuralStyle.Cli.Options;

/// <summary>A command line as it can be typed again.</summary>
internal static partial class CommandText
{
    /// <summary>What was parsed: response files stand with what they held.</summary>
    public static string Of(ParseResult parse) => Of(parse.Tokens.Select(token => token.Value), OperatingSystem.IsWindows());

    /// <summary>The arguments after the program's name, quoted where a shell would take them apart.</summary>
    public static string Of(IEnumerable<string> arguments, bool windows) =>
        string.Join(' ', arguments.Select(argument => Quote(argument, windows)).Prepend("nst"));

    private static string Quote(string argument, bool windows)
    {
        if (Plain().IsMatch(argument)) return argument;
        // on Windows no file name holds a quote
        return windows ? $"\"{argument}\"" : $"'{argument.Replace("'", @"'\''", StringComparison.Ordinal)}'";
    }

    [GeneratedRegex(@"^[\p{L}\p{N}_+=:,./-]+\z")]
    private static partial Regex Plain();
}
