using System.CommandLine;
using System.CommandLine.Help;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Runs;

namespace NeuralStyle.Cli.Commands;

/// <summary><c>nst manual</c>: prints the manual page, nst(1), from the same data as the help.</summary>
internal static class ManualCommand
{
    private static readonly (string Code, string Meaning)[] s_codes =
    [
        ("0", "done"), ("1", "failed while running"), ("2", "wrong usage or input"), ("75", "a batch was stopped by SIGTERM; run it again"),
        ("130", "stopped by Ctrl-C"), ("143", "stopped by SIGTERM"),
    ];

    public static Command Create(RootCommand root)
    {
        var command = new Command("manual", "print a manual page for man");
        command.SetAction(parse =>
        {
            Write(root, parse.InvocationConfiguration.Output);
            return ExitCodes.Done;
        });
        return command;
    }

    private static void Write(RootCommand root, TextWriter output)
    {
        output.WriteLine($".TH NST 1 \"\" \"nst {RunRecord.CurrentVersion}\"");
        output.WriteLine($".SH NAME\nnst \\- neural style transfer\n.SH SYNOPSIS");
        foreach (var usage in CommandExamples.UsageOf(root)) output.WriteLine($".B {Text(usage)}\n.br");
        output.WriteLine($".SH DESCRIPTION\n{Text(root.Description!)}");
        Arguments(root, output);
        var help = (HelpPageAction)root.Options.OfType<HelpOption>().Single().Action!;
        foreach (var (heading, rows) in help.GroupsOf(root))
        {
            output.WriteLine($".SH OPTIONS: {heading.ToUpperInvariant()}");
            foreach (var (option, value) in rows) Option(option, value, output);
        }
        foreach (var command in All(root))
        {
            output.WriteLine($".SH {Text(HelpPageAction.PathOf(command).ToUpperInvariant())}\n{Text(command.Description ?? "")}");
            foreach (var usage in CommandExamples.UsageOf(command)) output.WriteLine($".P\n.B {Text(usage)}");
            Arguments(command, output);
            var groups = help.GroupsOf(command).ToArray();
            foreach (var (_, rows) in groups.Where(group => group.Heading == HelpPageAction.OwnOptions))
            {
                foreach (var (option, value) in rows) Option(option, value, output);
            }
            var shared = groups.Where(group => group.Heading != HelpPageAction.OwnOptions).SelectMany(group => group.Rows)
                .Select(row => row.Option.Name)
                .ToArray();
            if (shared.Length > 0) output.WriteLine($".P\nAnd as above: {Text(string.Join(", ", shared))}.");
        }
        output.WriteLine(".SH EXAMPLES");
        foreach (var example in All(root).Prepend(root).SelectMany(CommandExamples.Of)) output.WriteLine($"{Text(example)}\n.br");
        output.WriteLine(".SH EXIT STATUS");
        foreach (var (code, meaning) in s_codes) output.WriteLine($".TP\n.B {code}\n{meaning}");
    }

    private static IEnumerable<Command> All(Command command) =>
        command.Subcommands.Where(child => !child.Hidden).SelectMany(child => All(child).Prepend(child));

    private static void Arguments(Command command, TextWriter output)
    {
        foreach (var argument in command.Arguments) output.WriteLine($".TP\n.I {Text(argument.Name)}\n{Text(argument.Description ?? "")}");
    }

    private static void Option(Option option, string value, TextWriter output) =>
        output.WriteLine($".TP\n.B {Text(HelpPageAction.Left(option))}\n{Text(option.Description ?? "")}"
            + (value.Length > 0 ? $" [{Text(value)}]" : ""));

    /// <summary>A hyphen is a minus, and a dot or quote at the start of a line is no request.</summary>
    private static string Text(string text)
    {
        var escaped = text.Replace("\\", "\\e", StringComparison.Ordinal).Replace("-", "\\-", StringComparison.Ordinal);
        return escaped.StartsWith('.') || escaped.StartsWith('\'') ? "\\&" + escaped : escaped;
    }
}
