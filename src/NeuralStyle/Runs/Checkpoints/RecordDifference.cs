using System.Text.Json.Nodes;

namespace NeuralStyle.Runs.Checkpoints;

/// <summary>Finds the first difference between two runs that affects the picture.</summary>
internal static class RecordDifference
{
    private const int LongestValue = 60; // the message is one line

    /// <summary>The first difference as <c>settings.size: 512 against 256</c>; null when the runs are the same.</summary>
    /// <remarks>Files count by their content, not by their names; a field that is missing counts as null.</remarks>
    public static string? Find(JsonObject saved, JsonObject current)
    {
        var (before, now) = (Comparable(saved), Comparable(current));
        if (!before.ContainsKey("padding")) now.Remove("padding"); // older versions did not record the padding in force
        return Find("", before, now);
    }

    private static string? Find(string name, JsonNode? a, JsonNode? b)
    {
        if (a is JsonObject fields && b is JsonObject others)
        {
            return fields.Select(field => field.Key).Union(others.Select(field => field.Key))
                .Select(key => Find(name.Length == 0 ? key : $"{name}.{key}", fields[key], others[key]))
                    .FirstOrDefault(found => found is not null);
        }
        if (a is JsonArray items && b is JsonArray counterparts && items.Count == counterparts.Count)
            return items.Zip(counterparts)
                .Select((pair, index) => Find($"{name} {index + 1}", pair.First, pair.Second))
                .FirstOrDefault(found => found is not null);
        if (JsonNode.DeepEquals(a, b)) return null;
        return name.EndsWith(".sha256", StringComparison.Ordinal)
            ? $"{name[..^".sha256".Length]}: another file"
            : $"{name}: {Show(a)} against {Show(b)}";
    }

    /// <summary>The record without parts that do not affect the picture: the tool's version and the paths of files with a hash.</summary>
    private static JsonObject Comparable(JsonObject record)
    {
        var copy = record.DeepClone().AsObject();
        copy.Remove("version");
        RunRecord.RemovePaths(copy);
        return copy;
    }

    private static string Show(JsonNode? node)
    {
        var text = node?.ToJsonString(RunRecord.Json).Trim('"') ?? "none";
        return text.Length <= LongestValue ? text : text[..LongestValue] + "…";
    }
}
