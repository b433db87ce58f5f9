using System.CommandLine;

namespace NeuralStyle.Cli.Options;

/// <summary>The response files of a command line, which are inputs too: the parser gives their contents, but not their names.</summary>
/// <param name="names">Their names.</param>
internal sealed class ResponseFiles(IReadOnlyList<string> names) : InvocationConfiguration
{
    /// <summary>The response files of a parsed command line.</summary>
    public static IReadOnlyList<string> Of(ParseResult parse) => parse.InvocationConfiguration is ResponseFiles files ? files.Names : [];

    /// <summary>Their names.</summary>
    public IReadOnlyList<string> Names => names;
}
