using System.Text;

namespace NeuralStyle.Weights.Formats.Hdf5;

/// <summary>
/// The groups and datasets of an HDF5 file (HDF5 file format specification, version 3). Reads what Keras and h5py write unless told
/// otherwise, and no more. Our own, because a general reader allocates whatever a hostile file claims.
/// </summary>
internal sealed class Hdf5File
{
    private const int MaximumObjects = 1024, MaximumDepth = 6, MaximumNameBytes = 256;

    /// <summary>Limit of metadata to read: a VGG has about 100 KB; the pointers of a damaged file may form a circle.</summary>
    private long _budget;

    private readonly IByteSource _source;
    private readonly Dictionary<string, Hdf5Dataset> _datasets = new(StringComparer.Ordinal);
    private readonly HashSet<long> _visited = [];

    /// <summary>Walks through the whole file's groups.</summary>
    /// <exception cref="WeightsFormatException">Damaged, or of a kind that Keras does not write.</exception>
    public Hdf5File(IByteSource source)
    {
        _source = source;
        _budget = Math.Min(2 * source.Length, 8 << 20);
        AddGroup("", new Hdf5Object(this, RootAddress()), 0);
    }

    /// <summary>All datasets by path, <c>block1_conv1/block1_conv1_W_1:0</c>.</summary>
    public IReadOnlyDictionary<string, Hdf5Dataset> Datasets => _datasets;

    /// <summary>Reads a structure.</summary>
    public byte[] Read(long address, int count)
    {
        _budget -= count;
        if (_budget < 0) throw Hdf5Field.Damaged();
        return _source.ReadBytes(address, count);
    }

    private long RootAddress()
    {
        const int smallest = 48;
        var field = new Hdf5Field(Read(0, smallest));
        field.Skip(8); // the signature, by which the format was recognised
        var version = field.U8();
        if (version > 3) throw new WeightsFormatException($"it is an HDF5 file of version {version}; expected 0 to 3");
        if (version < 2) field.Skip(4);
        if (field.U8() != 8 || field.U8() != 8)
            throw new WeightsFormatException("its HDF5 addresses are not of 8 bytes, which Keras does not write");
        if (version >= 2)
        {
            field.Skip(1 + 8 + 8 + 8); // flags, base address, extension, end of file
            return field.U64();
        }
        var rootEntry = smallest / 2 + (version == 1 ? 4 : 0) + 32; // after four addresses
        var entry = new Hdf5Field(Read(rootEntry + 8, 8)); // after the offset of its name
        return entry.U64();
    }

    private void AddGroup(string path, Hdf5Object group, int depth)
    {
        if (depth > MaximumDepth) throw Hdf5Field.Damaged();
        if (group.Find(Hdf5Object.SymbolTable) is { } table)
        {
            var field = new Hdf5Field(table);
            var (tree, heap) = (field.U64(), field.U64());
            AddTree(path, tree, HeapData(heap), depth, level: null);
        }
        foreach (var link in group.FindAll(Hdf5Object.Link)) AddLink(path, link, depth);
        if (group.Find(Hdf5Object.LinkInfo) is { } info && UsesFractalHeap(info))
            throw new WeightsFormatException(
                "its HDF5 groups are of a kind that Keras does not write; save it again without libver='latest'");
    }

    private static bool UsesFractalHeap(byte[] info)
    {
        var field = new Hdf5Field(info);
        field.Skip(1);
        if ((field.U8() & 1) != 0) field.Skip(8); // creation order
        return field.Take(8).IndexOfAnyExcept((byte)0xFF) >= 0; // all ones: no heap
    }

    private (long Address, long Length) HeapData(long heap)
    {
        var field = new Hdf5Field(Read(heap, 32));
        field.Expect("HEAP\0"u8);
        field.Skip(3);
        var length = field.U64();
        field.Skip(8); // free list
        return (field.U64(), length);
    }

    // The levels count down towards the leaves, so the walk ends however the nodes point.
    private void AddTree(string path, long address, (long Address, long Length) names, int depth, int? level)
    {
        const int header = 24, entry = 16;
        var field = new Hdf5Field(Read(address, header));
        field.Expect("TREE\0"u8);
        int nodeLevel = field.U8(), count = field.U16();
        if (nodeLevel > MaximumDepth || (level is { } expected && nodeLevel != expected)) throw Hdf5Field.Damaged();
        var children = new Hdf5Field(Read(address + header, count * entry));
        for (var i = 0; i < count; i++)
        {
            children.Skip(8); // key
            var child = children.U64();
            if (nodeLevel > 0) AddTree(path, child, names, depth, nodeLevel - 1);
            else AddSymbols(path, child, names, depth);
        }
    }

    private void AddSymbols(string path, long address, (long Address, long Length) names, int depth)
    {
        const int header = 8, entry = 40;
        var field = new Hdf5Field(Read(address, header));
        field.Expect("SNOD\x01"u8);
        field.Skip(1);
        var count = field.U16();
        var symbols = new Hdf5Field(Read(address + header, count * entry));
        for (var i = 0; i < count; i++)
        {
            var (name, target) = (symbols.U64(), symbols.U64());
            var cacheType = symbols.U32();
            symbols.Skip(20);
            if (cacheType == 2) continue; // a symbolic link
            if (name >= names.Length) throw Hdf5Field.Damaged();
            var text = Read(names.Address + name, (int)Math.Min(MaximumNameBytes, names.Length - name));
            var length = Array.IndexOf(text, (byte)0);
            if (length < 0) throw Hdf5Field.Damaged();
            Add(path, Encoding.UTF8.GetString(text, 0, length), target, depth);
        }
    }

    private void AddLink(string path, byte[] message, int depth)
    {
        var field = new Hdf5Field(message);
        field.Skip(1);
        var flags = field.U8();
        var isHard = (flags & 8) == 0 || field.U8() == 0;
        if ((flags & 4) != 0) field.Skip(8); // creation order
        if ((flags & 16) != 0) field.Skip(1); // character set
        var length = field.Unsigned(1 << (flags & 3));
        if (length > MaximumNameBytes) throw Hdf5Field.Damaged();
        var name = Encoding.UTF8.GetString(field.Take((int)length));
        if (isHard) Add(path, name, field.U64(), depth);
    }

    private void Add(string path, string name, long address, int depth)
    {
        if (!_visited.Add(address)) throw Hdf5Field.Damaged(); // a circle
        if (_visited.Count > MaximumObjects) throw new WeightsFormatException("it holds far more HDF5 objects than weights need");
        var target = new Hdf5Object(this, address);
        var full = path.Length == 0 ? name : $"{path}/{name}";
        if (target.Find(Hdf5Object.Layout) is null) AddGroup(full, target, depth + 1);
        else if (!_datasets.TryAdd(full, new Hdf5Dataset(target))) throw Hdf5Field.Damaged();
    }
}
