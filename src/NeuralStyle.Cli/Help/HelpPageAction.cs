using System.CommandLine;
using System.CommandLine.Invocation;
using NeuralStyle.Cli.Options;

namespace NeuralStyle.Cli.Help;

/// <summary>The help page of <c>nst</c> itself: options grouped by purpose, defaults read from the settings. The commands below it keep the usual page.</summary>
internal sealed class HelpPageAction(RootCommand root, StyleOptions style, IReadOnlyList<(OptionGroup Group, IReadOnlyList<Option> Options)> others, SynchronousCommandLineAction ofOtherCommands) : SynchronousCommandLineAction
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
        foreach (var command in root.Subcommands) output.WriteLine(Row($"  nst {command.Name} …", command.Description ?? ""));
        foreach (var group in Enum.GetValues<OptionGroup>())
        {
            var rows = Rows(group).ToArray();
            if (rows.Length == 0) continue;
            output.WriteLine();
            output.WriteLine($"{group}:");
            foreach (var row in rows) output.WriteLine(row);
        }
        output.WriteLine();
        output.WriteLine("@FILE reads further arguments from a file, one per line: a preset of your own.");
        output.WriteLine("'nst COMMAND --help' explains a command.");
    }

    /// <summary>The rows of a group: name and value, explanation, default.</summary>
    internal IEnumerable<string> Rows(OptionGroup group)
    {
        var defaults = Presets.Find("default");
        foreach (var option in others.Where(other => other.Group == group).SelectMany(other => other.Options)) yield return Row(Left(option), option.Description + Default(option));
        foreach (var option in style.Table.Where(option => option.Group == group))
            yield return Row(Left(option.Option), option.Option.Description + (option.Default(defaults) is { Length: > 0 } value ? $" [{value}]" : ""));
    }

    private static string Default(Option option) => option is Option<string> { HasDefaultValue: true } text && text.GetDefaultValue() is string value ? $" [{value}]" : "";

    private static string Left(Option option) =>
        $"  {string.Join(", ", option.Aliases.Append(option.Name).OrderBy(name => name.Length))}{(option.HelpName is { } value ? " " + value : "")}";

    private static string Row(string left, string right) => left.Length < Column - 1
        ? left.PadRight(Column) + right
        : left + Environment.NewLine + new string(' ', Column) + right;
}
