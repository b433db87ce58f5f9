namespace NeuralStyle.Weights.Formats.Hdf5;

/// <summary>
/// An array in an HDF5 file. Its properties are read on demand, because a file may also hold arrays of other kinds.
/// </summary>
internal sealed class Hdf5Dataset(Hdf5Object messages)
{
    private const int MaximumRank = 8;

    /// <summary>Number format and shape.</summary>
    /// <exception cref="WeightsFormatException">Not IEEE floating-point numbers.</exception>
    public TensorInfo Describe()
    {
        var (type, bigEndian) = ReadType();
        return new TensorInfo(type, bigEndian, ReadShape());
    }

    /// <summary>Where the elements are in the file.</summary>
    /// <exception cref="WeightsFormatException">They are in chunks, or compressed.</exception>
    public (long Address, long Length) Place()
    {
        const int contiguous = 1;
        var field = new Hdf5Field(messages.Find(Hdf5Object.Layout) ?? throw Hdf5Field.Damaged());
        var version = field.U8();
        if (version is < 3 or > 4 || field.U8() != contiguous)
            throw new WeightsFormatException(
                "it is stored in chunks, which Keras does not do with weights; save it again without compression");
        return (field.U64(), field.U64());
    }

    private (ElementType Type, bool BigEndian) ReadType()
    {
        const int floatingPoint = 1;
        var field = new Hdf5Field(messages.Find(Hdf5Object.Datatype) ?? throw Hdf5Field.Damaged());
        var kind = field.U8() & 0x0F;
        var bits = field.U8();
        field.Skip(2);
        var size = field.U32();
        if (kind != floatingPoint || (bits & 0x40) != 0) throw NotFloat();
        var offset = field.U16();
        var layout = (Precision: field.U16(), ExponentAt: field.U8(), ExponentBits: field.U8(), MantissaAt: field.U8(),
            MantissaBits: field.U8(), Bias: field.U32());
        var type = (size, layout) switch
        {
            (2, (16, 10, 5, 0, 10, 15)) => ElementType.Float16,
            (4, (32, 23, 8, 0, 23, 127)) => ElementType.Float32,
            (8, (64, 52, 11, 0, 52, 1023)) => ElementType.Float64,
            _ => throw NotFloat(),
        };
        return offset == 0 ? (type, (bits & 1) != 0) : throw NotFloat();
    }

    private int[] ReadShape()
    {
        var field = new Hdf5Field(messages.Find(Hdf5Object.Dataspace) ?? throw Hdf5Field.Damaged());
        var (version, rank) = (field.U8(), field.U8());
        if (version is < 1 or > 2 || rank > MaximumRank) throw Hdf5Field.Damaged();
        field.Skip(version == 1 ? 6 : 2);
        var shape = new int[rank];
        for (var i = 0; i < rank; i++) shape[i] = field.U64() is var size and <= int.MaxValue ? (int)size : throw Hdf5Field.Damaged();
        return shape;
    }

    private static WeightsFormatException NotFloat() => new("it has numbers of another type than float16, float32 or float64");
}
