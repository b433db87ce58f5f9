using System.Text;
using NeuralStyle.Weights.Formats.Pickle;

namespace NeuralStyle.Weights.Formats;

/// <summary>A .pth file as torch.save writes it since version 1.6: a zip of one pickle and a member for each storage.</summary>
internal sealed class TorchZipArchive : ITensorArchive
{
    private const string PickleName = "/data.pkl";
    private const int MaximumPickleBytes = 1 << 20; // a VGG-19 has 6 KB

    private readonly IByteSource _source;
    private readonly ZipIndex _zip;
    private readonly string _root;
    private readonly bool _bigEndian;
    private readonly Dictionary<string, TorchTensor> _tensors;

    /// <summary>Runs the pickle; owns the source from then on.</summary>
    public TorchZipArchive(IByteSource source, ZipIndex zip)
    {
        (_source, _zip) = (source, zip);
        var pickle = zip.Members.Values.First(IsPickle);
        _root = pickle.Name[..^PickleName.Length];
        _tensors = TorchTensors.Find(new PickleMachine(new SourceCursor(new MemorySource(Unpack(pickle)))).Run());
        _bigEndian = zip.Members.TryGetValue(_root + "/byteorder", out var order) && Encoding.ASCII.GetString(Unpack(order)) == "big";
    }

    public string Format => "pth (zip)";

    public IReadOnlyCollection<string> Names => _tensors.Keys;

    public string? Metadata => null;

    /// <summary>Whether a zip file is one of torch's.</summary>
    public static bool Recognises(ZipIndex zip) => zip.Members.Values.Any(IsPickle);

    public void Prefetch(IEnumerable<string> names)
    {
        foreach (var name in names) _zip.Prefetch(Member(_tensors[name]));
    }

    public TensorInfo Describe(string name)
    {
        var tensor = _tensors[name];
        var info = TorchTensors.Describe(tensor, _bigEndian);
        if (Member(tensor).Size != checked(tensor.Storage.Count * info.Type.Size()))
            throw new WeightsFormatException("its storage has another size than its pickle says");
        return info;
    }

    public Stream Open(string name)
    {
        var (tensor, info) = (_tensors[name], Describe(name));
        var stream = _zip.Open(Member(tensor));
        return info.Count == tensor.Storage.Count ? stream : new SliceStream(stream, tensor.Offset * info.Type.Size(), info.ByteCount);
    }

    public void Dispose() => _source.Dispose();

    private static bool IsPickle(ZipMember member) => member.Name.EndsWith(PickleName, StringComparison.Ordinal);

    private ZipMember Member(TorchTensor tensor) => _zip.Members.GetValueOrDefault($"{_root}/data/{tensor.Storage.Key}")
        ?? throw new WeightsFormatException($"the storage '{LayerNames.Printable(tensor.Storage.Key)}' is missing");

    private byte[] Unpack(ZipMember member)
    {
        if (member.Size > MaximumPickleBytes)
            throw new WeightsFormatException($"its member '{LayerNames.Printable(member.Name)}' is absurdly large");
        var bytes = new byte[member.Size];
        using var stream = _zip.Open(member);
        stream.ReadExactly(bytes);
        return bytes;
    }
}
