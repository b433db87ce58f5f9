using System.CommandLine;
using System.CommandLine.Help;
using NeuralStyle.Cli.Options;
using NeuralStyle.Settings;

namespace NeuralStyle.Cli.Commands;

/// <summary>docs/options.md: every command with its arguments and options, read from the commands themselves.</summary>
internal static class OptionsPage
{
    /// <summary>The command that prints the page.</summary>
    public const string Command = "options";

    private sealed record Row(Option Option, string Default);

    /// <summary>Writes the page as Markdown.</summary>
    public static void Write(RootCommand root, TextWriter output)
    {
        output.WriteLine("# Options");
        output.WriteLine();
        output.WriteLine($"nst writes this page itself: `nst {Command} > docs/options.md`. `@FILE` reads further arguments from a file, "
            + "one per line.");
        output.WriteLine("If an option is given twice, the last value counts. Every command has `--help`.");
        var help = (HelpPageAction)root.Options.OfType<HelpOption>().Single().Action!;
        Head(output, root, "nst CONTENT STYLE… -o OUT", "##");
        foreach (var (group, rows) in help.Groups())
        {
            output.WriteLine();
            output.WriteLine($"### {group}");
            Table(output, rows.Select(row => new Row(row.Option, row.Default)));
        }
        var known = help.Groups()
            .SelectMany(group => group.Rows)
            .ToDictionary(row => row.Option.Name, row => new Row(row.Option, row.Default));
        foreach (var command in root.Subcommands.Where(command => !command.Hidden)) Section(output, command, $"nst {command.Name}", known);
    }

    private static void Section(TextWriter output, Command command, string path, IReadOnlyDictionary<string, Row> known)
    {
        Head(output, command, string.Join(' ', command.Arguments.Select(argument => argument.Name).Prepend(path)), "##");
        var rows = command.Options.Where(option => !option.Hidden && option is not HelpOption)
            .Select(option => new Row(option, DefaultOf(option)))
            .ToArray();
        var shared = rows.Where(row => known.TryGetValue(row.Option.Name, out var other) && Same(row, other)).ToArray();
        var own = rows.Except(shared).ToArray();
        if (own.Length > 0) Table(output, own);
        if (shared.Length > 0)
        {
            var names = string.Join(", ", shared.Select(row => $"`{row.Option.Name}`"));
            var recorded = command.Name == RerunCommand.Name ? "; options that are not given keep their recorded values" : "";
            output.WriteLine();
            output.WriteLine($"And as in `nst` itself: {names}{recorded}.");
        }
        foreach (var child in command.Subcommands.Where(child => !child.Hidden)) Section(output, child, $"{path} {child.Name}", known);
    }

    private static bool Same(Row one, Row other) =>
        one.Option.Description == other.Option.Description && one.Default == other.Default && one.Option.HelpName == other.Option.HelpName;

    private static void Head(TextWriter output, Command command, string usage, string level)
    {
        output.WriteLine();
        output.WriteLine($"{level} `{usage}`");
        output.WriteLine();
        output.WriteLine(Sentence(command.Description));
        if (command.Arguments.Count == 0) return;
        output.WriteLine();
        foreach (var argument in command.Arguments) output.WriteLine($"- `{argument.Name}`: {Text(argument.Description)}");
    }

    private static void Table(TextWriter output, IEnumerable<Row> rows)
    {
        output.WriteLine();
        output.WriteLine("| option | value | default | |");
        output.WriteLine("|---|---|---|---|");
        foreach (var (option, value) in rows)
        {
            var names = string.Join(", ",
                option.Aliases.Prepend(option.Name).OrderByDescending(name => name.Length).Select(name => $"`{name}`"));
            output.WriteLine($"| {names} | {Code(option.HelpName ?? "")} | {Code(value)} | {Text(option.Description)} |");
        }
    }

    private static string DefaultOf(Option option)
    {
        var setting = new StyleOptions().Table.FirstOrDefault(row => row.Option.Name == option.Name)?.Default(Presets.Find("default"));
        return setting ?? HelpPageAction.DefaultOf(option) ?? "";
    }

    private static string Sentence(string? text) =>
        string.IsNullOrEmpty(text)
            ? ""
            : $"{(text.StartsWith("nst", StringComparison.Ordinal) ? text[0] : char.ToUpperInvariant(text[0]))}{Text(text[1..])}.".Replace(
                "..", ".", StringComparison.Ordinal);

    private static string Code(string text) => text.Length == 0 ? "" : $"`{Text(text)}`";

    private static string Text(string? text) => (text ?? "").Replace("|", "\\|", StringComparison.Ordinal);
}
