using System.CommandLine;
using System.CommandLine.Completions;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Settings;

namespace NeuralStyle.Cli.Commands;

/// <summary><c>nst completion SHELL</c>: prints the script that makes Tab complete nst's arguments in a shell.</summary>
internal static class CompletionCommand
{
    private static readonly string[] s_shells = ["bash", "zsh", "fish"];

    public static Command Create()
    {
        var shell = new Argument<string>("SHELL") { Description = string.Join(", ", s_shells[..^1]) + " or " + s_shells[^1] };
        shell.CompletionSources.Add(_ => s_shells.Select(name => new CompletionItem(name)));
        var command = new Command("completion", "print a script for completion by Tab") { shell };
        command.SetAction(parse =>
        {
            var name = parse.GetValue(shell)!;
            if (!s_shells.Contains(name)) throw ValueNames.Unknown("shell", name, s_shells);
            using var script = typeof(CompletionCommand).Assembly.GetManifestResourceStream($"completion.{name}")!;
            using var reader = new StreamReader(script);
            parse.InvocationConfiguration.Output.Write(reader.ReadToEnd());
            return ExitCodes.Done;
        });
        return command;
    }
}
