using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Globalization;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Cli.Options;
using NeuralStyle.Settings;

namespace NeuralStyle.Cli.Commands;

/// <summary>
/// The help page, with the same layout for every command: its purpose, usage, arguments, examples, and options by purpose with
/// their defaults.
/// </summary>
internal sealed class HelpPageAction(RootCommand root, StyleOptions style,
    IReadOnlyList<(OptionGroup Group, IReadOnlyList<Option> Options)> others) : SynchronousCommandLineAction
{
    /// <summary>The heading of the options that a command does not share with <c>nst</c>.</summary>
    internal const string OwnOptions = "Options";

    public override int Invoke(ParseResult parseResult)
    {
        var output = parseResult.InvocationConfiguration.Output;
        Write(parseResult.CommandResult.Command, output, HelpText.WidthOf(output));
        return ExitCodes.Done;
    }

    /// <summary>A short page, for <c>nst</c> without arguments.</summary>
    public void WriteShort(TextWriter output)
    {
        var text = new HelpText(output, HelpText.WidthOf(output));
        WriteUsage(root, text);
        text.Line();
        text.Paragraph("nst --help lists all options and commands.");
    }

    /// <summary>The page of a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="output">Receives the page.</param>
    /// <param name="width">Columns of the terminal.</param>
    public void Write(Command command, TextWriter output, int width)
    {
        var text = new HelpText(output, width);
        text.Paragraph(command == root ? root.Description! : $"{PathOf(command)}: {command.Description}");
        text.Line();
        WriteUsage(command, text);
        Section(text, "Arguments", command.Arguments.Select(argument => (argument.Name, argument.Description ?? "")));
        Section(text, "Commands", command.Subcommands.Where(child => !child.Hidden)
            .Select(child => ($"{PathOf(child)}{(child.Subcommands.Count > 0 ? " …" : "")}", child.Description ?? "")));
        foreach (var (heading, rows) in GroupsOf(command))
            Section(text, heading, rows.Select(row =>
                (Left(row.Option), $"{row.Option.Description}{(row.Default.Length > 0 ? $" [{row.Default}]" : "")}")));
        List<(string, string)> help = [("-h, --help", "show this page")];
        if (command == root) help.Add(("--version", "show the version"));
        Section(text, "Help", help);
        text.Line();
        if (command.Subcommands.Any(child => !child.Hidden)) text.Paragraph($"'{PathOf(command)} COMMAND --help' explains a command.");
        if (command.Options.Count > 0)
            text.Paragraph("@FILE reads further arguments from a file, one per line. If an option is given twice, the last value counts.");
    }

    /// <summary>The options of <c>nst</c> itself by purpose, each with its default; empty where there is none to show.</summary>
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

    /// <summary>The default of an option itself; null for none.</summary>
    internal static string? DefaultOf(Option option) =>
        option is { HasDefaultValue: true } and (Option<string> or Option<int> or Option<double>)
            ? Convert.ToString(option.GetDefaultValue(), CultureInfo.InvariantCulture)
            : null;

    /// <summary>The path of a command: <c>nst weights fetch</c>.</summary>
    internal static string PathOf(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? $"{PathOf(parent)} {command.Name}" : "nst";

    private static void WriteUsage(Command command, HelpText text)
    {
        text.Line("Usage:");
        foreach (var usage in CommandExamples.UsageOf(command)) text.Code(usage);
        text.Line();
        text.Line("Examples:");
        foreach (var example in CommandExamples.Of(command)) text.Code(example);
    }

    /// <summary>A command's own options, then the options that it shares with <c>nst</c>, under the same headings.</summary>
    internal IEnumerable<(string Heading, IReadOnlyList<(Option Option, string Default)> Rows)> GroupsOf(Command command)
    {
        if (command == root) return Groups().Select(group => ($"{group.Group}", group.Rows));
        var rest = command.Options.Where(option => !option.Hidden && option is not HelpOption and not VersionOption).ToList();
        List<(string, IReadOnlyList<(Option, string)>)> groups = [];
        foreach (var (group, rows) in Groups())
        {
            var shared = rows.Where(row => rest.Any(option => Same(option, row.Option))).ToArray();
            rest.RemoveAll(option => shared.Any(row => Same(option, row.Option)));
            if (shared.Length > 0) groups.Add(($"{group}", shared));
        }
        var own = rest.Select(option => (option, DefaultOf(option) ?? "")).ToArray();
        return own.Length > 0 ? groups.Prepend((OwnOptions, own)) : groups;
    }

    private static bool Same(Option one, Option other) =>
        one.Name == other.Name && one.Description == other.Description && one.HelpName == other.HelpName;

    private static void Section(HelpText text, string heading, IEnumerable<(string Left, string Right)> rows)
    {
        var all = rows.ToArray();
        if (all.Length == 0) return;
        text.Line();
        text.Line($"{heading}:");
        foreach (var (left, right) in all) text.Row(left, right);
    }

    /// <summary>The names of an option and of its value.</summary>
    internal static string Left(Option option)
    {
        var names = string.Join(", ", option.Aliases.Append(option.Name).OrderBy(name => name.Length));
        return option.HelpName is { } value ? $"{names} {value}" : names;
    }
}
