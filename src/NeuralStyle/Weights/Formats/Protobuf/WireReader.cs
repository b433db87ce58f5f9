using System.Text;

namespace NeuralStyle.Weights.Formats.Protobuf;

/// <summary>
/// Walks through the fields of one message in Protocol Buffers' wire format. Our own instead of Google's library, which copies every field
/// into memory and cannot say where in a file it is: here 400 MB of fully connected layers are skipped, and a server is asked only for the
/// convolutions.
/// </summary>
internal sealed class WireReader(SourceCursor cursor, long start, long end)
{
    /// <summary>The kinds of values.</summary>
    public const int Number = 0, Fixed64 = 1, Bytes = 2, Fixed32 = 5;

    private const int MaximumText = 256;

    private long _next = start;

    /// <summary>All of a source as one message.</summary>
    public WireReader(IByteSource source)
        : this(new SourceCursor(source), 0, source.Length)
    {
    }

    /// <summary>The number of the current field.</summary>
    public int Field { get; private set; }

    /// <summary>The kind of its value.</summary>
    public int Kind { get; private set; }

    /// <summary>A number of kind <see cref="Number"/>, or the bits of a fixed one.</summary>
    public long Value { get; private set; }

    /// <summary>Where the bytes of a value of kind <see cref="Bytes"/> begin.</summary>
    public long Offset { get; private set; }

    /// <summary>How many they are.</summary>
    public long Length { get; private set; }

    /// <summary>Goes to the next field.</summary>
    /// <returns>False at the end of the message.</returns>
    /// <exception cref="WeightsFormatException">The message is damaged.</exception>
    public bool Next()
    {
        if (_next >= end) return false;
        cursor.Seek(_next);
        var tag = Varint();
        (Field, Kind) = (tag >> 3 is > 0 and < 1 << 29 ? (int)(tag >> 3) : throw Damaged(), (int)(tag & 7));
        switch (Kind)
        {
            case Number: Value = Varint(); break;
            case Fixed64: Value = cursor.ReadInt64(); break;
            case Fixed32: Value = cursor.ReadInt32(); break;
            case Bytes:
                Length = Varint();
                Offset = cursor.Skip(Length);
                break;
            default: throw Damaged();
        }
        _next = cursor.Position;
        return _next <= end ? true : throw Damaged();
    }

    /// <summary>The current value as a message.</summary>
    public WireReader Message() => Kind == Bytes ? new WireReader(cursor, Offset, Offset + Length) : throw Damaged();

    /// <summary>The current value as a short text.</summary>
    public string Text()
    {
        if (Kind != Bytes || Length > MaximumText) throw Damaged();
        cursor.Seek(Offset);
        return Encoding.UTF8.GetString(cursor.ReadBytes((int)Length));
    }

    /// <summary>Adds the current value to numbers that may be packed.</summary>
    public void AddTo(List<long> numbers)
    {
        const int maximum = 16; // axes of a tensor
        if (Kind == Number) numbers.Add(Value);
        else if (Kind != Bytes) throw Damaged();
        else for (cursor.Seek(Offset); cursor.Position < Offset + Length && numbers.Count <= maximum;) numbers.Add(Varint());
        if (numbers.Count > maximum) throw Damaged();
    }

    /// <summary>A size of an axis.</summary>
    public static int Size(long value) => value is >= 0 and <= int.MaxValue ? (int)value : throw Damaged();

    /// <summary>A number with seven bits per byte.</summary>
    public static long ReadVarint(SourceCursor cursor)
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = cursor.ReadByte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return (long)value;
        }
        throw Damaged();
    }

    /// <summary>The failure of everything here.</summary>
    public static WeightsFormatException Damaged() => new("its Protocol Buffers structure is damaged");

    private long Varint() => ReadVarint(cursor);
}
