using System.CommandLine;
using System.CommandLine.Completions;
using System.Text.RegularExpressions;
using NeuralStyle.Settings;
using NeuralStyle.Weights;

namespace NeuralStyle.Cli.Options;

/// <summary>What Tab offers for the values of options: the words that help names, presets and installed networks.</summary>
internal static partial class Completions
{
    /// <summary>Adds them to the options and arguments of a command and its subcommands.</summary>
    public static void ApplyTo(Command command)
    {
        foreach (var option in command.Options.Where(option => option.CompletionSources.Count == 0 && option.HelpName is not null))
        {
            var words = option.Name == "--preset"
                ? Presets.All.Select(preset => preset.Name).ToArray()
                : option.HelpName!.Split('|').Where(word => Word().IsMatch(word)).ToArray();
            if (words.Length > 0) option.CompletionSources.Add(_ => words.Select(word => new CompletionItem(word)));
            if (option.Name == "--weights") option.CompletionSources.Add(_ => Networks());
        }
        if (command.Parents.OfType<Command>().Any(parent => parent.Name == "weights") && command.Name is not "fetch")
        {
            foreach (var argument in command.Arguments.Where(argument => argument.Name is "FILE" or "IN"))
                argument.CompletionSources.Add(_ => Networks());
        }
        foreach (var child in command.Subcommands) ApplyTo(child);
    }

    private static IEnumerable<CompletionItem> Networks() => WeightsCache.Installed(new WeightsLocator().CacheFolder)
        .Select(file => Path.GetFileNameWithoutExtension(file)!)
        .Append(WeightsLocator.BuiltInName)
        .Select(name => new CompletionItem(name));

    [GeneratedRegex("^[a-z0-9-]+$")]
    private static partial Regex Word();
}
