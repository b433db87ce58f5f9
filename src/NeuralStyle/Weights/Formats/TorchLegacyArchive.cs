using System.Buffers.Binary;
using System.Numerics;
using NeuralStyle.Weights.Formats.Pickle;

namespace NeuralStyle.Weights.Formats;

/// <summary>
/// A .pth file as torch.save wrote it before version 1.6: five pickles (magic number, version, machine, objects, names of storages),
/// then each storage as its element count and its elements.
/// </summary>
internal sealed class TorchLegacyArchive : ITensorArchive
{
    private const long ProtocolVersion = 1001;

    private static readonly BigInteger Magic = BigInteger.Parse("119547037146038801333356"); // 0x1950a86a20f9469cfc6c

    private readonly IByteSource _source;
    private readonly Dictionary<string, TorchTensor> _tensors;
    private readonly Dictionary<string, long> _offsets = new(StringComparer.Ordinal);
    private readonly bool _bigEndian;

    /// <summary>Runs the other pickles and finds the storages; owns the source from then on.</summary>
    private TorchLegacyArchive(IByteSource source, SourceCursor cursor)
    {
        _source = source;
        if (!Equals(new PickleMachine(cursor).Run(), ProtocolVersion))
            throw new WeightsFormatException("it was saved by an unknown version of torch");
        _bigEndian = new PickleMachine(cursor).Run() is PickleDictionary machine
            && Equals(machine.GetValueOrDefault("little_endian"), false);
        var objects = new PickleMachine(cursor);
        _tensors = TorchTensors.Find(objects.Run());
        var keys = new PickleMachine(cursor).Run() as List<object?> ?? throw new WeightsFormatException("its list of storages is damaged");
        FindStorages(keys, objects.Storages, cursor.Position);
    }

    /// <summary>Opens a file that begins with a pickle: torch's number, or arrays of NumPy.</summary>
    /// <exception cref="WeightsFormatException">It is neither, or damaged.</exception>
    public static ITensorArchive Open(IByteSource source)
    {
        var cursor = new SourceCursor(source);
        var first = new PickleMachine(cursor).Run();
        return Equals(first, Magic) ? new TorchLegacyArchive(source, cursor) : NumpyPickle.ToArchive("pickle", first, source);
    }

    public string Format => "pth (legacy)";

    public IReadOnlyCollection<string> Names => _tensors.Keys;

    public string? Metadata => null;

    public void Prefetch(IEnumerable<string> names)
    {
        foreach (var tensor in names.Select(name => _tensors[name]).Where(tensor => _offsets.ContainsKey(tensor.Storage.Key)))
            _source.Prefetch(Offset(tensor), tensor.Storage.Count * PickleGlobals.Storages[tensor.Storage.Type].Bytes);
    }

    public TensorInfo Describe(string name)
    {
        var tensor = _tensors[name];
        var info = TorchTensors.Describe(tensor, _bigEndian);
        _source.RequireRange(Offset(tensor), checked(tensor.Storage.Count * info.Type.Size()));
        return info;
    }

    public Stream Open(string name)
    {
        var (tensor, info) = (_tensors[name], Describe(name));
        return new SourceStream(_source, Offset(tensor) + tensor.Offset * info.Type.Size(), info.ByteCount);
    }

    public void Dispose() => _source.Dispose();

    private long Offset(TorchTensor tensor) => _offsets.TryGetValue(tensor.Storage.Key, out var offset)
        ? offset
        : throw new WeightsFormatException($"the storage '{LayerNames.Printable(tensor.Storage.Key)}' is missing");

    private void FindStorages(List<object?> keys, IReadOnlyDictionary<string, TorchStorage> storages, long offset)
    {
        foreach (var key in keys)
        {
            if (key is not string name || !storages.TryGetValue(name, out var storage))
                throw new WeightsFormatException("its list of storages is damaged");
            var count = BinaryPrimitives.ReadInt64LittleEndian(_source.ReadBytes(offset, sizeof(long)));
            offset += sizeof(long);
            if (count != storage.Count || !_offsets.TryAdd(name, offset))
                throw new WeightsFormatException($"the storage '{LayerNames.Printable(name)}' has another size than its pickle says");
            var bytes = checked(count * PickleGlobals.Storages[storage.Type].Bytes);
            _source.RequireRange(offset, bytes);
            offset += bytes;
        }
    }
}
