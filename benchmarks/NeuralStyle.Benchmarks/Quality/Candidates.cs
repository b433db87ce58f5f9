using System.Text.Json;
using System.Text.Json.Nodes;
using NeuralStyle.Runs;
using NeuralStyle.Settings;

namespace NeuralStyle.Benchmarks.Quality;

/// <summary>Settings to compare, as the command line names them.</summary>
internal static class Candidates
{
    /// <summary>What is compared when nothing is named; the first is what the others' seconds are held against.</summary>
    public static IReadOnlyList<string> Usual { get; } = ["crowson", "default", "fast", "gatys"];

    /// <summary>
    /// Reads <c>PRESET</c> or <c>LABEL=JSON</c>, where JSON holds fields of <see cref="StyleSettings"/> as in an output's metadata, over
    /// the preset that it names.
    /// </summary>
    /// <exception cref="InvalidInputException">No such preset, no such field, or a value that does not fit.</exception>
    public static KeyValuePair<string, StyleSettings> Parse(string text)
    {
        if (text.Split('=', 2) is not [var label, var json]) return new(text, Presets.Find(text));
        try
        {
            var fields = JsonNode.Parse(json)!.AsObject();
            var settings = JsonSerializer.SerializeToNode(Presets.Find((string?)fields["preset"] ?? "default"), RunRecord.Json)!.AsObject();
            foreach (var (name, value) in fields)
            {
                if (!settings.ContainsKey(name))
                    throw new InvalidInputException($"candidate '{label}': settings have no field '{name}'; they have "
                        + $"{string.Join(", ", settings.Select(field => field.Key))}");
                settings[name] = value?.DeepClone();
            }
            return new(label, settings.Deserialize<StyleSettings>(RunRecord.Json)!);
        }
        catch (JsonException failure)
        {
            throw new InvalidInputException($"candidate '{label}': {failure.Message}", failure);
        }
    }
}
