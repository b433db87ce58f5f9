using System.Buffers.Binary;

namespace NeuralStyle.Weights.Formats.Hdf5;

/// <summary>Walks through the bytes of one HDF5 structure, little-endian as the format prescribes.</summary>
internal ref struct Hdf5Field(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly int Left => _rest.Length;

    public byte U8() => Take(1)[0];

    public int U16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public long U32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    /// <summary>An address, a length or a size; those beyond 2^63 are refused.</summary>
    public long U64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8)) is var value and >= 0 ? value : throw Damaged();

    /// <summary>An unsigned number of 1, 2, 4 or 8 bytes.</summary>
    public long Unsigned(int bytes) => bytes switch { 1 => U8(), 2 => U16(), 4 => U32(), _ => U64() };

    public void Skip(int count) => Take(count);

    public ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || count > _rest.Length) throw Damaged();
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    public void Expect(ReadOnlySpan<byte> signature)
    {
        if (!Take(signature.Length).SequenceEqual(signature)) throw Damaged();
    }

    public static WeightsFormatException Damaged() => new("its HDF5 structure is damaged");
}
