using System.Text.Json;

namespace NeuralStyle.Weights.Formats;

/// <summary>One tensor in the index: number format, shape, and first and last byte after the index.</summary>
internal sealed record SafetensorsEntry(string DType, IReadOnlyList<int> Shape, long Begin, long End);

/// <summary>
/// The index of a safetensors file. Read token by token, because a document tree of a hostile index would take many times its size.
/// </summary>
internal sealed class SafetensorsIndex
{
    private const int MaximumRank = 8, MaximumTensors = 4096; // a VGG file has about 40

    /// <summary>All tensors by name.</summary>
    public Dictionary<string, SafetensorsEntry> Tensors { get; } = new(StringComparer.Ordinal);

    /// <summary>nst's own entry among the free metadata.</summary>
    public string? Preprocessing { get; private set; }

    /// <summary>Reads the JSON.</summary>
    /// <exception cref="JsonException">It is damaged.</exception>
    public static SafetensorsIndex Parse(ReadOnlySpan<byte> json)
    {
        var index = new SafetensorsIndex();
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 4 });
        Expect(ref reader, JsonTokenType.StartObject);
        while (NextKey(ref reader) is { } name)
        {
            Expect(ref reader, JsonTokenType.StartObject);
            if (index.Tensors.Count == MaximumTensors) throw new WeightsFormatException("it holds far more tensors than weights need");
            if (name == "__metadata__") index.ReadMetadata(ref reader);
            else if (!index.Tensors.TryAdd(name, ReadEntry(ref reader)))
                throw new WeightsFormatException($"it holds '{LayerNames.Printable(name)}' twice");
        }
        while (reader.Read())
        {
        }
        return index;
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        while (NextKey(ref reader) is { } key)
        {
            Expect(ref reader, JsonTokenType.String);
            if (key == WeightsMetadata.EntryName) Preprocessing = reader.GetString();
        }
    }

    private static SafetensorsEntry ReadEntry(ref Utf8JsonReader reader)
    {
        string? type = null;
        List<long>? shape = null, offsets = null;
        while (NextKey(ref reader) is { } key)
        {
            switch (key)
            {
                case "dtype":
                    Expect(ref reader, JsonTokenType.String);
                    type = reader.GetString();
                    break;
                case "shape":
                    shape = ReadNumbers(ref reader);
                    break;
                case "data_offsets":
                    offsets = ReadNumbers(ref reader);
                    break;
                default:
                    throw new JsonException();
            }
        }
        return type is not null
            && shape is not null
            && offsets is [var begin, var end]
            && shape.All(size => size is >= 0 and <= int.MaxValue)
            ? new SafetensorsEntry(type, shape.Select(size => (int)size).ToArray(), begin, end)
            : throw new JsonException();
    }

    private static List<long> ReadNumbers(ref Utf8JsonReader reader)
    {
        Expect(ref reader, JsonTokenType.StartArray);
        List<long> numbers = [];
        while (reader.Read() && reader.TokenType == JsonTokenType.Number)
        {
            if (numbers.Count == MaximumRank) throw new JsonException();
            numbers.Add(reader.GetInt64());
        }
        return reader.TokenType == JsonTokenType.EndArray ? numbers : throw new JsonException();
    }

    private static string? NextKey(ref Utf8JsonReader reader)
    {
        if (!reader.Read()) throw new JsonException();
        return reader.TokenType == JsonTokenType.PropertyName ? reader.GetString() : null; // or the end of the object
    }

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType type)
    {
        if (!reader.Read() || reader.TokenType != type) throw new JsonException();
    }
}
