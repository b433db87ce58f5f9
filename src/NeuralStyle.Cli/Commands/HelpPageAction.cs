using System.CommandLine;
using System.CommandLine.Invocation;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Cli.Options;
using NeuralStyle.Settings;

namespace NeuralStyle.Cli.Commands;

/// <summary>
/// The help page of <c>nst</c> itself: options grouped by purpose, defaults read from the settings. The commands below it keep the usual
/// page.
/// </summary>
internal sealed class HelpPageAction(RootCommand root, StyleOptions style,
    IReadOnlyList<(OptionGroup Group, IReadOnlyList<Option> Options)> others,
    SynchronousCommandLineAction ofOtherCommands) : SynchronousCommandLineAction
{
    private const int Column = 44;

    public override int Invoke(ParseResult parseResult)
    {
        if (parseResult.CommandResult.Command != root) return ofOtherCommands.Invoke(parseResult);
        Write(parseResult.InvocationConfiguration.Output);
        return ExitCodes.Done;
    }

    public void Write(TextWriter output)
    {
        output.WriteLine(root.Description);
        output.WriteLine();
        output.WriteLine("Usage:");
        output.WriteLine("  nst CONTENT STYLE… -o OUT [options]");
        foreach (var command in root.Subcommands.Where(command => !command.Hidden))
            output.WriteLine(Row($"  nst {command.Name} …", command.Description ?? ""));
        foreach (var (group, rows) in Groups())
        {
            output.WriteLine();
            output.WriteLine($"{group}:");
            foreach (var (option, value) in rows)
                output.WriteLine(Row(Left(option), option.Description + (value.Length > 0 ? $" [{value}]" : "")));
        }
        output.WriteLine();
        output.WriteLine("@FILE reads further arguments from a file, one per line: a preset of your own.");
        output.WriteLine("'nst COMMAND --help' explains a command.");
    }

    /// <summary>The options by purpose, each with its default; empty where there is none to show.</summary>
    internal IEnumerable<(OptionGroup Group, IReadOnlyList<(Option Option, string Default)> Rows)> Groups()
    {
        var defaults = Presets.Find("default");
        foreach (var group in Enum.GetValues<OptionGroup>())
        {
            (Option, string)[] rows =
            [
                .. others.Where(other => other.Group == group)
                    .SelectMany(other => other.Options)
                    .Select(option => (option, DefaultOf(option) ?? "")),
                .. style.Table.Where(row => row.Group == group).Select(row => ((Option)row.Option, row.Default(defaults) ?? "")),
            ];
            if (rows.Length > 0) yield return (group, rows);
        }
    }

    /// <summary>The default that an option itself has; null for none.</summary>
    internal static string? DefaultOf(Option option) =>
        option is Option<string> { HasDefaultValue: true } text ? text.GetDefaultValue() as string : null;

    private static string Left(Option option) =>
        $"  {string.Join(", ", option.Aliases.Append(option.Name).OrderBy(name => name.Length))}{(option.HelpName is { } value ? " " + value : "")}";

    private static string Row(string left, string right) => left.Length < Column - 1
        ? left.PadRight(Column) + right
        : left + Environment.NewLine + new string(' ', Column) + right;
}
