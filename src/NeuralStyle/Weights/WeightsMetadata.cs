using System.Text.Json;
using System.Text.Json.Nodes;
using NeuralStyle.Vgg;

namespace NeuralStyle.Weights;

/// <summary>
/// What a weights file says about itself: JSON in an entry named <see cref="EntryName"/>:
/// <c>{"order":"rgb","range":255,"mean":[123.68,116.779,103.939],"std":[1,1,1],"padding":"reflect","source":"…"}</c>.
/// Every key may be left out except that order, range, mean and std come together.
/// </summary>
/// <param name="Preprocessing">How pictures enter the network; null when the file does not say.</param>
/// <param name="Padding">The padding that the network was trained with; null when the file does not say.</param>
/// <param name="Source">Where the weights came from, for people to read.</param>
/// <param name="ContentFactor">See <see cref="VggWeights.ContentFactor"/>; null when the file does not say.</param>
internal sealed record WeightsMetadata(Preprocessing? Preprocessing, PaddingMode? Padding, string? Source, double? ContentFactor = null)
{
    /// <summary>The name of the entry in an .npz, of the file in a folder, and of the key in a safetensors header.</summary>
    public const string EntryName = "preprocessing";

    private static readonly string[] Keys = ["order", "range", "mean", "std", "padding", "source", "contentFactor"];

    /// <summary>Nothing said.</summary>
    public static WeightsMetadata None { get; } = new(null, null, null);

    /// <summary>Reads the JSON text.</summary>
    /// <exception cref="WeightsFormatException">The text is not JSON, or has impossible values.</exception>
    public static WeightsMetadata Parse(string json)
    {
        try
        {
            if (JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { MaxDepth = 4 }) is not JsonObject root)
                throw Wrong("is not a JSON object");
            if (root.FirstOrDefault(pair => !Keys.Contains(pair.Key)).Key is { } unknown)
                throw Wrong($"has the unknown key '{LayerNames.Printable(unknown)}'; expected {string.Join(", ", Keys)}");
            PaddingMode? padding = root["padding"] is { } mode ? ParsePadding(mode.GetValue<string>()) : null;
            var factor = root["contentFactor"]?.GetValue<double>();
            if (factor is { } value && !(value > 0 && double.IsFinite(value))) throw Wrong("needs a contentFactor above 0");
            return new WeightsMetadata(ParsePreprocessing(root), padding, root["source"]?.GetValue<string>(), factor);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw Wrong("is not JSON of the expected form", failure);
        }
    }

    /// <summary>The JSON text; the same values always give the same text.</summary>
    public string ToJson()
    {
        var root = new JsonObject();
        if (Preprocessing is { } p)
        {
            root["order"] = p.Order.ToString().ToLowerInvariant();
            root["range"] = p.Range;
            root["mean"] = new JsonArray([.. p.Mean.Select(value => (JsonNode)value)]);
            root["std"] = new JsonArray([.. p.StandardDeviation.Select(value => (JsonNode)value)]);
        }
        if (Padding is { } padding) root["padding"] = padding.ToString().ToLowerInvariant();
        if (Source is not null) root["source"] = Source;
        if (ContentFactor is { } factor) root["contentFactor"] = factor;
        return root.ToJsonString();
    }

    private static Preprocessing? ParsePreprocessing(JsonObject root)
    {
        var given = Keys[..4].Count(root.ContainsKey);
        if (given == 0) return null;
        if (given < 4) throw Wrong("needs order, range, mean and std together");
        var order = root["order"]!.GetValue<string>() switch
        {
            "rgb" => ChannelOrder.Rgb,
            "bgr" => ChannelOrder.Bgr,
            var other => throw Wrong($"has the order '{LayerNames.Printable(other)}'; expected rgb or bgr"),
        };
        var range = root["range"]!.GetValue<float>();
        if (!(range > 0 && float.IsFinite(range))) throw Wrong("needs a range above 0, usually 255 or 1");
        return new Preprocessing(order, range, Three(root, "mean", _ => true), Three(root, "std", value => value > 0));
    }

    private static float[] Three(JsonObject root, string key, Func<float, bool> isAllowed)
    {
        var values = root[key]!.AsArray().Select(node => node!.GetValue<float>()).ToArray();
        return values.Length == 3 && values.All(value => float.IsFinite(value) && isAllowed(value))
            ? values
            : throw Wrong($"needs three usable numbers as {key}");
    }

    private static PaddingMode ParsePadding(string text) =>
        Enum.TryParse<PaddingMode>(text, ignoreCase: true, out var mode) && text.All(char.IsAsciiLetter)
            ? mode
            : throw Wrong($"has the padding '{LayerNames.Printable(text)}'; expected "
                + $"{string.Join(", ", Enum.GetNames<PaddingMode>()).ToLowerInvariant()}");

    private static WeightsFormatException Wrong(string what, Exception? inner = null) => new($"its entry '{EntryName}' {what}", inner);
}
