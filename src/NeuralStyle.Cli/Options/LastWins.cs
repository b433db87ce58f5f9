using System.CommandLine;

namespace NeuralStyle.Cli.Options;

/// <summary>
/// An option given twice takes its last value, as users of other tools expect: so the options of a response file (<c>@mine.txt</c>)
/// can be overridden after it.
/// </summary>
internal static class LastWins
{
    /// <summary>Applies the rule to every single-valued option of a command and its subcommands.</summary>
    public static void ApplyTo(Command command)
    {
        foreach (var option in command.Options.OfType<Option<string>>().Where(option => option.Arity.MaximumNumberOfValues == 1))
        {
            option.CustomParser ??= result => result.Tokens[^1].Value;
            option.Arity = new ArgumentArity(option.Arity.MinimumNumberOfValues, 1000);
            option.AllowMultipleArgumentsPerToken = false;
        }
        foreach (var child in command.Subcommands) ApplyTo(child);
    }
}
