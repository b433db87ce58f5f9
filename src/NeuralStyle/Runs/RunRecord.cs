using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using NeuralStyle.Imaging;
using NeuralStyle.Settings;

namespace NeuralStyle.Runs;

/// <summary>An input file by name and content.</summary>
/// <param name="Path">The path as it was given.</param>
/// <param name="Sha256">Of the file's bytes, lower-case hexadecimal.</param>
public sealed record InputFile(string Path, string Sha256);

/// <summary>
/// How a picture was made: enough to make it again. Written into the metadata of every output and the first line of every log.
/// It contains no time and no machine name, so that the same run gives the same bytes.
/// </summary>
public sealed record RunRecord
{
    /// <summary>Always <c>nst</c>: distinguishes this record from other programs' metadata.</summary>
    public string Tool { get; init; } = "nst";

    /// <summary>Version of the tool.</summary>
    public string Version { get; init; } = CurrentVersion;

    /// <summary>The content picture; null when there is none.</summary>
    public InputFile? Content { get; init; }

    /// <summary>The style pictures.</summary>
    public IReadOnlyList<InputFile> Styles { get; init; } = [];

    /// <summary>Weights of the styles; null for equal weights.</summary>
    public IReadOnlyList<double>? StyleWeights { get; init; }

    /// <summary>The picture that the first scale started from; null if it was not a file.</summary>
    public InputFile? Start { get; init; }

    /// <summary>The mask that marks regions of the content; null for none.</summary>
    public InputFile? ContentMask { get; init; }

    /// <summary>One mask per style, with null entries for styles without one; null if there are none.</summary>
    public IReadOnlyList<InputFile?>? StyleMasks { get; init; }

    /// <summary>The mask of protected pixels; null for none.</summary>
    public InputFile? Protect { get; init; }

    /// <summary>How pictures entered the network: the convention's name.</summary>
    public string? Preprocessing { get; init; }

    /// <summary>
    /// The padding in force, from the settings, the weights file or the default; null in records of versions before this field.
    /// </summary>
    public Vgg.PaddingMode? Padding { get; init; }

    /// <summary>The requested bit depth and quality.</summary>
    public PictureOutput Encoding { get; init; } = new();

    /// <summary>False for a picture written before the end of its run.</summary>
    public bool Completed { get; init; } = true;

    /// <summary>The network's weights; the path is a name if there is no file.</summary>
    public required InputFile Weights { get; init; }

    /// <summary>All other settings that affect the picture.</summary>
    public required StyleSettings Settings { get; init; }

    /// <summary>The version of this tool.</summary>
    public static string CurrentVersion { get; } =
        typeof(RunRecord).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    /// <summary>
    /// SHA-256 over everything that affects the picture, lower-case hexadecimal: files count by content, not by name.
    /// </summary>
    [JsonIgnore]
    public string Fingerprint
    {
        get
        {
            var json = JsonSerializer.SerializeToNode(this, Json)!.AsObject();
            RemovePaths(json);
            json.Remove("padding"); // follows from the settings and the weights, and older records lack it
            return Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(json.ToJsonString(Json))));
        }
    }

    /// <summary>Removes the path of every <see cref="InputFile"/>, at any depth.</summary>
    internal static void RemovePaths(JsonNode? node)
    {
        if (node is JsonArray array)
        {
            foreach (var item in array) RemovePaths(item);
        }
        if (node is not JsonObject fields) return;
        if (fields.ContainsKey("sha256")) fields.Remove("path");
        foreach (var (_, value) in fields) RemovePaths(value);
    }

    /// <summary>One line of JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>Reads the record of a picture; null if there is none, or none of nst.</summary>
    internal static RunRecord? TryFromJson(string? json)
    {
        try
        {
            return json is null ? null : FromJson(json);
        }
        catch (InvalidInputException)
        {
            return null; // by another program
        }
    }

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="InvalidInputException">The text is not a record of nst.</exception>
    public static RunRecord FromJson(string json)
    {
        try
        {
            var node = JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false });
            if (node is JsonObject fields) Upgrade(fields);
            var record = node.Deserialize<RunRecord>(s_strict);
            if (record is not { Tool: "nst" }) throw new InvalidInputException("the metadata was not written by nst");
            record.Check();
            return record;
        }
        catch (Exception failure) when (failure is JsonException or ArgumentException or InvalidOperationException)
        {
            throw new InvalidInputException(
                $"the metadata was not written by nst, or by a version that this one cannot read: {failure.Message}", failure);
        }
    }

    /// <summary>Checks what the types do not: the record may come from anyone.</summary>
    private void Check()
    {
        if (Styles.Any(style => style is null)) throw new InvalidInputException("the metadata is damaged: a style is missing in it");
        Settings.Validate();
        Encoding.Validate();
    }

    /// <summary>Brings a record of an older version to the form of this one.</summary>
    internal static void Upgrade(JsonObject record)
    {
        if (record["settings"] is JsonObject settings)
        {
            foreach (var (name, value) in s_later) settings.TryAdd(name, value);
            var defaults = JsonSerializer.SerializeToNode(new StyleSettings(), Json)!.AsObject();
            foreach (var name in s_laterWithDefaults) settings.TryAdd(name, defaults[name]?.DeepClone());
        }
        if (record.ContainsKey("encoding")) return;
        var encoding = JsonSerializer.SerializeToNode(new PictureOutput(), Json)!.AsObject();
        foreach (var name in encoding.Select(field => field.Key).ToArray()) // they were in the record itself
        {
            if (record.Remove(name, out var value)) encoding[name] = value;
        }
        record["encoding"] = encoding;
    }

    private static readonly string[] s_laterWithDefaults =
        ["secondStyleLoss", "secondStyleWeight", "secondStyleLayers", "matchEvery", "matchedContent", "matchSplit",
            "photorealismWeight", "selfSimilarityWeight", "selfSimilarityLayers"];

    // settings that older records lack, with what those runs did
    private static readonly (string Name, int Value)[] s_later = [("bleed", 0), ("detail", 0), ("middleShare", 1)];

    /// <summary>The JSON format of settings, used everywhere.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // it stands in metadata, not in HTML
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false),
            new LayersConverter(), new StartConverter() },
    };

    // for records that are read: nothing may be null, missing or there twice that never is in our own
    private static readonly JsonSerializerOptions s_strict = new(Json)
    {
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    private sealed class LayersConverter : JsonConverter<IReadOnlyList<LayerWeight>>
    {
        public override IReadOnlyList<LayerWeight> Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            LayerWeight.ParseList("layers", reader.GetString() ?? "");

        public override void Write(Utf8JsonWriter writer, IReadOnlyList<LayerWeight> value, JsonSerializerOptions options) =>
            writer.WriteStringValue(LayerWeight.Format(value));
    }

    private sealed class StartConverter : JsonConverter<StartImage>
    {
        public override StartImage Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            StartImage.Parse(reader.GetString() ?? "");

        public override void Write(Utf8JsonWriter writer, StartImage value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());
    }
}
