using NeuralStyle.Weights.Formats.Hdf5;

namespace NeuralStyle.Weights.Formats;

/// <summary>An .h5 file of weights as Keras saves it: a group for each layer, a dataset for each kernel and bias.</summary>
internal sealed class H5Archive : ITensorArchive
{
    private readonly IByteSource _source;
    private readonly Hdf5File _file;

    /// <summary>Reads the groups; owns the source from then on.</summary>
    public H5Archive(IByteSource source)
    {
        _source = source;
        _file = new Hdf5File(source);
        Names = _file.Datasets.Keys.ToArray();
    }

    /// <summary>The first bytes of every HDF5 file.</summary>
    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'H', (byte)'D', (byte)'F', 0x0D, 0x0A, 0x1A, 0x0A];

    public string Format { get; init; } = "h5";

    public IReadOnlyCollection<string> Names { get; }

    public string? Metadata => null;

    public void Prefetch(IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            var (address, length) = _file.Datasets[name].Place();
            _source.RequireRange(address, length);
            _source.Prefetch(address, length);
        }
    }

    public TensorInfo Describe(string name)
    {
        var info = _file.Datasets[name].Describe();
        var (address, length) = _file.Datasets[name].Place();
        if (length != info.ByteCount) throw new WeightsFormatException("its size does not fit its shape");
        _source.RequireRange(address, length);
        return info;
    }

    public Stream Open(string name)
    {
        var (address, length) = _file.Datasets[name].Place();
        return new SourceStream(_source, address, length);
    }

    public void Dispose() => _source.Dispose();
}
