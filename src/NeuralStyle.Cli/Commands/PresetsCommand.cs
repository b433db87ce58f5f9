using System.CommandLine;
using System.Text.Json;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Cli.Options;
using NeuralStyle.Runs;
using NeuralStyle.Settings;

namespace NeuralStyle.Cli.Commands;

/// <summary><c>nst presets</c>: the named sets of settings.</summary>
internal static class PresetsCommand
{
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "print every setting of every preset, as JSON" };
        var command = new Command("presets", "list the presets and their uses") { json };
        command.SetAction(parse =>
        {
            var output = parse.InvocationConfiguration.Output;
            if (parse.GetValue(json))
            {
                output.WriteLine(JsonSerializer.Serialize(Presets.All, new JsonSerializerOptions(RunRecord.Json) { WriteIndented = true }));
                return ExitCodes.Done;
            }
            foreach (var preset in Presets.All)
            {
                output.WriteLine($"{preset.Name,-10}{preset.Description}");
                if (Differences(preset.Settings) is { Length: > 0 } differences) output.WriteLine($"{"",-10}{differences}");
            }
            return ExitCodes.Done;
        });
        return command;
    }

    /// <summary>The options that give the same settings from the default preset.</summary>
    private static string Differences(StyleSettings settings)
    {
        var defaults = Presets.Find("default");
        return string.Join(' ', new StyleOptions().Table
            .Where(option => option.Default(settings) is { } value && value != option.Default(defaults))
            .Select(option => $"{option.Option.Name} {option.Default(settings)}"));
    }
}
