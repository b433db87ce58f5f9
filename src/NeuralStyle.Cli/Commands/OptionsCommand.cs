using System.CommandLine;
using NeuralStyle.Cli.Jobs;

namespace NeuralStyle.Cli.Commands;

/// <summary><c>nst options</c>, not listed: prints docs/options.md.</summary>
internal static class OptionsCommand
{
    public static Command Create(RootCommand root)
    {
        var command = new Command(OptionsPage.Command, "print every option of every command as Markdown") { Hidden = true };
        command.SetAction(parse =>
        {
            OptionsPage.Write(root, parse.InvocationConfiguration.Output);
            return ExitCodes.Done;
        });
        return command;
    }
}
