namespace NeuralStyle.Weights.Formats;

/// <summary>
/// A folder with an array per file: <c>conv1_1_W.npy</c>, <c>conv1_1_b.npy</c>, …, and perhaps <c>preprocessing.json</c>.
/// </summary>
internal sealed class NpyFolderArchive : ITensorArchive
{
    private const string Suffix = ".npy";

    private readonly Dictionary<string, FileSource> _files = new(StringComparer.Ordinal);
    private readonly string _folder;

    /// <summary>Opens the folder's arrays.</summary>
    /// <exception cref="WeightsFormatException">There are none, or far too many to be weights.</exception>
    public NpyFolderArchive(string folder)
    {
        const int limit = 256;
        _folder = folder;
        var paths = Directory.EnumerateFiles(folder, "*" + Suffix).Take(limit + 1).Order(StringComparer.Ordinal).ToArray();
        if (paths.Length is 0 or > limit)
            throw new WeightsFormatException($"the folder holds {(paths.Length == 0 ? "no" : "too many")} .npy files; expected an array "
                + $"per file, such as conv1_1_W.npy");
        foreach (var path in paths) _files.Add(Path.GetFileName(path)[..^Suffix.Length], new FileSource(path));
    }

    public string Format => "npy folder";

    public IReadOnlyCollection<string> Names => _files.Keys;

    /// <summary>The arrays in order of name, and their sizes.</summary>
    public IEnumerable<(string Name, IByteSource Source)> Files =>
        _files.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (pair.Key, (IByteSource)pair.Value));

    public string? Metadata
    {
        get
        {
            var path = Path.Combine(_folder, WeightsMetadata.EntryName + ".json");
            if (!File.Exists(path)) return null;
            const int limit = 1 << 16;
            if (new FileInfo(path).Length > limit)
                throw new WeightsFormatException($"its '{WeightsMetadata.EntryName}.json' is absurdly long");
            return File.ReadAllText(path);
        }
    }

    public void Prefetch(IEnumerable<string> names)
    {
    }

    public TensorInfo Describe(string name)
    {
        using var stream = OpenFile(name);
        return NpyHeader.Read(stream).ToTensorInfo();
    }

    public Stream Open(string name)
    {
        var stream = OpenFile(name);
        NpyHeader.Read(stream);
        return stream;
    }

    public void Dispose()
    {
        foreach (var file in _files.Values) file.Dispose();
    }

    private SourceStream OpenFile(string name) => new(_files[name], 0, _files[name].Length);
}
