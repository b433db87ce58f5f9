using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using NeuralStyle.Runs;
using NeuralStyle.Settings;

namespace NeuralStyle.Cli.Pages;

/// <summary>Every setting with its value; those that differ from the preset are highlighted, with the preset's value.</summary>
internal static class SettingsSection
{
    private const string Open = "—";

    public static string Render(RunRecord record)
    {
        var (preset, values) = (Flat(PresetOf(record.Settings)), Flat(record.Settings));
        foreach (var (name, used) in InForce(record).Where(pair => values[pair.Name] == Open)) values[name] = preset[name] = used;
        var rows = values.Where(pair => pair.Key != "preset").Select(pair =>
        {
            var changed = preset[pair.Key] != pair.Value;
            return (IReadOnlyList<string>)
            [
                changed ? $"<b>{Html.Text(Words(pair.Key))}</b>" : Html.Text(Words(pair.Key)),
                changed ? $"<b>{Html.Text(pair.Value)}</b>" : Html.Text(pair.Value),
                changed ? Html.Text(preset[pair.Key]) : "",
            ];
        });
        return $"<p>Preset <b>{Html.Text(record.Settings.Preset)}</b>; what differs from it is set in bold.</p>\n"
            + Html.Table(["setting", "value", "in the preset"], rows)
            + (record.StyleWeights is { } weights
                ? $"<p>Weights of the styles: "
                    + $"{Html.Text(string.Join(", ", weights.Select(weight => JsonSerializer.Serialize(weight))))}</p>\n" : "");
    }

    /// <summary>The values in use for settings without a value.</summary>
    private static IEnumerable<(string Name, string Used)> InForce(RunRecord record)
    {
        if (record.Padding is { } padding) yield return ("padding", $"{ValueNames.Of(padding)} (as the network asks)");
        yield return ("poolingScale", JsonSerializer.Serialize(Vgg.NetworkOptions.KeepingScale(record.Settings.Pooling), RunRecord.Json));
    }

    /// <summary>A record may name a preset that this version does not have.</summary>
    private static StyleSettings PresetOf(StyleSettings settings) =>
        Presets.All.FirstOrDefault(preset => preset.Name == settings.Preset)?.Settings ?? Presets.All[0].Settings;

    private static Dictionary<string, string> Flat(StyleSettings settings) =>
        JsonSerializer.SerializeToNode(settings, RunRecord.Json)!.AsObject()
        .ToDictionary(pair => pair.Key, pair => pair.Value switch
        {
            null => Open,
            JsonArray list => string.Join(", ", list.Select(item => item?.ToJsonString(RunRecord.Json) ?? "—")),
            JsonValue value when value.TryGetValue<string>(out var text) => text,
            var value => value.ToJsonString(RunRecord.Json),
        });

    /// <summary><c>styleWeight</c> becomes <c>style weight</c>.</summary>
    private static string Words(string name)
    {
        var words = new StringBuilder();
        foreach (var character in name) words.Append(char.IsUpper(character) ? $" {char.ToLowerInvariant(character)}" : character);
        return words.ToString();
    }
}
