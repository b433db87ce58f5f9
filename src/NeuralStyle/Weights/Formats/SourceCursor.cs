using System.Buffers.Binary;

namespace NeuralStyle.Weights.Formats;

/// <summary>Reads a byte source from front to back through a small buffer; may jump.</summary>
internal sealed class SourceCursor(IByteSource source)
{
    private readonly byte[] _buffer = new byte[4096];
    private long _bufferStart;
    private int _bufferLength;

    /// <summary>What is read.</summary>
    public IByteSource Source => source;

    /// <summary>The next byte's place in the source.</summary>
    public long Position { get; private set; }

    /// <summary>Bytes that are left.</summary>
    public long Left => source.Length - Position;

    public byte ReadByte()
    {
        if (Position < _bufferStart || Position >= _bufferStart + _bufferLength)
        {
            source.RequireRange(Position, 1);
            _bufferStart = Position;
            _bufferLength = (int)Math.Min(_buffer.Length, Left);
            source.Read(_bufferStart, _buffer.AsSpan(0, _bufferLength));
        }
        return _buffer[Position++ - _bufferStart];
    }

    public ReadOnlySpan<byte> ReadBytes(int count)
    {
        if (count > Left) throw new WeightsFormatException("truncated: a value reaches beyond the end of the file");
        var bytes = new byte[count];
        for (var i = 0; i < count; i++) bytes[i] = ReadByte();
        return bytes;
    }

    public int ReadUInt16() => BinaryPrimitives.ReadUInt16LittleEndian(ReadBytes(2));

    public int ReadInt32() => BinaryPrimitives.ReadInt32LittleEndian(ReadBytes(4));

    public long ReadInt64() => BinaryPrimitives.ReadInt64LittleEndian(ReadBytes(8));

    /// <summary>Jumps to a position in the source, at most to its end.</summary>
    /// <exception cref="WeightsFormatException">The position is outside the source.</exception>
    public void Seek(long position)
    {
        source.RequireRange(position, 0);
        Position = position;
    }

    /// <summary>Skips bytes without reading them, and returns their position.</summary>
    /// <exception cref="WeightsFormatException">There are fewer.</exception>
    public long Skip(long count)
    {
        if (count < 0 || count > Left) throw new WeightsFormatException("truncated: a value reaches beyond the end of the file");
        Position += count;
        return Position - count;
    }
}
