using System.Buffers.Binary;
using System.Text.Json;

namespace NeuralStyle.Weights.Formats;

/// <summary>
/// A .safetensors file: the length of an index (8 bytes), the index as JSON, the values. Format: github.com/huggingface/safetensors.
/// </summary>
internal sealed class SafetensorsArchive : ITensorArchive
{
    private const int LengthBytes = 8, MaximumIndexBytes = 1 << 20; // a VGG file has an index of about 4 KB

    private readonly IByteSource _source;
    private readonly SafetensorsIndex _index;
    private readonly long _valuesOffset;

    /// <summary>Reads the index; owns the source from then on.</summary>
    public SafetensorsArchive(IByteSource source)
    {
        _source = source;
        var length = BinaryPrimitives.ReadUInt64LittleEndian(source.ReadBytes(0, LengthBytes));
        if (length is < 2 or > MaximumIndexBytes) throw new WeightsFormatException("its safetensors index is empty or absurdly large");
        _valuesOffset = LengthBytes + (long)length;
        try
        {
            _index = SafetensorsIndex.Parse(source.ReadBytes(LengthBytes, (int)length));
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or FormatException)
        {
            throw new WeightsFormatException("its safetensors index is not JSON of the expected form", failure);
        }
    }

    public string Format => "safetensors";

    public IReadOnlyCollection<string> Names => _index.Tensors.Keys;

    public string? Metadata => _index.Preprocessing;

    /// <summary>Whether the first bytes of a file can begin a safetensors file: a length below 2^32 and then an object.</summary>
    public static bool Recognises(ReadOnlySpan<byte> start) =>
        start.Length > LengthBytes && start[4..8].IndexOfAnyExcept((byte)0) < 0 && start[LengthBytes] == '{';

    public void Prefetch(IEnumerable<string> names)
    {
        foreach (var entry in names.Select(name => _index.Tensors[name]))
        {
            if (entry.Begin >= 0 && entry.Begin <= entry.End && entry.End <= _source.Length - _valuesOffset)
                _source.Prefetch(_valuesOffset + entry.Begin, entry.End - entry.Begin);
        }
    }

    public TensorInfo Describe(string name)
    {
        var entry = _index.Tensors[name];
        var type = entry.DType switch
        {
            "F16" => ElementType.Float16,
            "BF16" => ElementType.BFloat16,
            "F32" => ElementType.Float32,
            "F64" => ElementType.Float64,
            _ => throw new WeightsFormatException(
                $"it has numbers of type '{LayerNames.Printable(entry.DType)}'; expected F16, BF16, F32 or F64"),
        };
        var info = new TensorInfo(type, bigEndian: false, entry.Shape);
        if (entry.Begin < 0 || entry.End < entry.Begin || entry.End - entry.Begin != info.ByteCount)
            throw new WeightsFormatException("its place in the file does not fit its shape");
        return info;
    }

    public Stream Open(string name)
    {
        var entry = _index.Tensors[name];
        return new SourceStream(_source, _valuesOffset + entry.Begin, entry.End - entry.Begin);
    }

    public void Dispose() => _source.Dispose();
}
