using System.CommandLine;
using System.CommandLine.Parsing;

namespace NeuralStyle.Cli.Options;

/// <summary>
/// The texts of options, from any source: a command line, a row of a pairs file, the record of a picture. An option that has no
/// text was not given.
/// </summary>
/// <param name="find">The text of an option; null if it was not given.</param>
internal sealed class OptionTexts(Func<Option, string?> find)
{
    /// <summary>Separates the values of an option that takes several.</summary>
    public const char Several = '|';

    /// <summary>The texts of a command line. Defaults do not count as given.</summary>
    public static OptionTexts Of(ParseResult parse) => new(option =>
        parse.GetResult(option) is { Implicit: false, Tokens.Count: > 0 } given
            ? option.ValueType.IsArray ? string.Join(Several, given.Tokens.Select(token => token.Value)) : given.Tokens[^1].Value
            : null);

    /// <summary>The texts of a table from names to texts.</summary>
    public static OptionTexts Of(IReadOnlyDictionary<string, string> texts) => new(option => texts.GetValueOrDefault(option.Name));

    /// <summary>The text of an option; null if it was not given.</summary>
    public string? this[Option option] => find(option);

    /// <summary>Whether an option was given.</summary>
    public bool Has(Option option) => find(option) is not null;

    /// <summary>These texts, and other texts for options that have none here.</summary>
    public OptionTexts Or(OptionTexts others) => new(option => find(option) ?? others[option]);
}
