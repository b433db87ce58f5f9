using System.CommandLine;
using System.CommandLine.Help;
using NeuralStyle.Cli.Options;

namespace NeuralStyle.Cli.Commands;

/// <summary>The root command: paints a picture, and has all other commands.</summary>
internal static class RootCommandFactory
{
    public static RootCommand Create()
    {
        var root = new RootCommand("nst: neural style transfer. Paints the content picture in the style of the style pictures.");
        if (!OperatingSystem.IsWindows()) // elsewhere, /h is the name of a file
        {
            foreach (var help in root.Options.OfType<HelpOption>())
            {
                foreach (var name in help.Aliases.Where(name => name != "-h").ToArray()) help.Aliases.Remove(name);
            }
        }
        StylizeCommand.AttachTo(root);
        root.Subcommands.Add(BatchCommand.Create());
        root.Subcommands.Add(VideoCommand.Create());
        root.Subcommands.Add(RerunCommand.Create());
        root.Subcommands.Add(StudioCommand.Create());
        root.Subcommands.Add(EvaluateCommand.Create());
        root.Subcommands.Add(BenchCommand.Create());
        root.Subcommands.Add(DoctorCommand.Create());
        root.Subcommands.Add(WeightsCommand.Create());
        root.Subcommands.Add(PresetsCommand.Create());
        root.Subcommands.Add(OptionsCommand.Create(root));
        root.Subcommands.Add(CompletionCommand.Create());
        root.Subcommands.Add(ManualCommand.Create(root));
        LastWins.ApplyTo(root);
        Completions.ApplyTo(root);
        return root;
    }
}
