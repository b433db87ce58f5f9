namespace NeuralStyle.Weights.Formats;

/// <summary>Where and how a tensor's elements are stored in a byte source.</summary>
/// <param name="Source">The source.</param>
/// <param name="Offset">The first byte.</param>
/// <param name="Length">Number of bytes, according to the file; must fit the shape.</param>
/// <param name="Info">How it is stored; null for numbers that cannot be weights.</param>
internal sealed record TensorPlace(IByteSource Source, long Offset, long Length, TensorInfo? Info)
{
    /// <summary>Whether each byte is stored as a character in UTF-8, so that about half of them take two.</summary>
    public bool IsUtf8 { get; init; }

    /// <summary>The CRC-32C of the bytes, if the format has one.</summary>
    public uint? Crc32C { get; init; }
}

/// <summary>
/// An archive whose tensors are stored uncompressed in byte sources: such formats differ only in how tensors are found.
/// </summary>
/// <param name="format">What the format is called.</param>
/// <param name="tensors">The tensors by name.</param>
/// <param name="metadata">What the file says about preprocessing, as the JSON of <see cref="WeightsMetadata"/>.</param>
/// <param name="sources">Disposed of with the archive.</param>
internal sealed class TensorTable(string format, IReadOnlyDictionary<string, TensorPlace> tensors, string? metadata,
    params IByteSource[] sources) : ITensorArchive
{
    public string Format => format;

    public IReadOnlyCollection<string> Names { get; } = tensors.Keys.ToArray();

    public string? Metadata => metadata;

    public void Prefetch(IEnumerable<string> names)
    {
        foreach (var place in names.Select(name => tensors[name]))
        {
            if (place.Offset >= 0 && place.Length >= 0 && place.Length <= place.Source.Length - place.Offset)
                place.Source.Prefetch(place.Offset, place.Length);
        }
    }

    public TensorInfo Describe(string name)
    {
        var place = tensors[name];
        var info = place.Info
            ?? throw new WeightsFormatException("it has numbers of another type than float16, bfloat16, float32 or float64");
        if (place.IsUtf8 ? info.ByteCount > place.Length || place.Length > 2 * info.ByteCount : info.ByteCount != place.Length)
            throw new WeightsFormatException($"its {place.Length} bytes do not fit its shape {info.ShapeText}");
        place.Source.RequireRange(place.Offset, place.Length);
        return info;
    }

    public Stream Open(string name)
    {
        var place = tensors[name];
        var stream = new SourceStream(place.Source, place.Offset, place.Length);
        return place.IsUtf8 ? new Utf8ByteStream(stream) : place.Crc32C is { } crc ? new CheckedStream(stream, crc, place.Length) : stream;
    }

    public void Dispose()
    {
        foreach (var source in sources) source.Dispose();
    }
}
