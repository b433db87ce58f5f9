namespace NeuralStyle.Weights.Formats;

/// <summary>A zip of .npy arrays, as <c>numpy.savez</c> and <c>savez_compressed</c> write it.</summary>
internal sealed class NpzArchive : ITensorArchive
{
    private const string Suffix = ".npy";

    private readonly IByteSource _source;
    private readonly ZipIndex _zip;

    /// <summary>Reads the directory; owns the source from then on.</summary>
    public NpzArchive(IByteSource source, ZipIndex zip)
    {
        (_source, _zip) = (source, zip);
        Names = zip.Members.Keys.Where(name => name.EndsWith(Suffix, StringComparison.Ordinal))
            .Select(name => name[..^Suffix.Length])
            .ToArray();
    }

    public string Format => "npz";

    public IReadOnlyCollection<string> Names { get; }

    public string? Metadata
    {
        get
        {
            if (!_zip.Members.ContainsKey(WeightsMetadata.EntryName + Suffix)) return null;
            using var stream = OpenMember(WeightsMetadata.EntryName);
            return NpyText.Read(stream);
        }
    }

    public void Prefetch(IEnumerable<string> names)
    {
        foreach (var name in names) _zip.Prefetch(_zip.Members[name + Suffix]);
    }

    public TensorInfo Describe(string name)
    {
        using var stream = OpenMember(name);
        return NpyHeader.Read(stream).ToTensorInfo();
    }

    public Stream Open(string name)
    {
        var stream = OpenMember(name);
        NpyHeader.Read(stream);
        return stream;
    }

    public void Dispose() => _source.Dispose();

    private Stream OpenMember(string name) => _zip.Open(_zip.Members[name + Suffix]);
}
