namespace NeuralStyle.Weights;

/// <summary>A part of a byte source as a forward-only stream.</summary>
internal sealed class SourceStream : ForwardStream
{
    private readonly IByteSource _source;
    private readonly long _end;
    private long _position;

    public SourceStream(IByteSource source, long offset, long length)
    {
        source.RequireRange(offset, length);
        (_source, _position, _end) = (source, offset, offset + length);
    }

    /// <summary>The next byte's place in the source.</summary>
    public long Offset => _position;

    public override int Read(Span<byte> buffer)
    {
        var count = (int)Math.Min(buffer.Length, _end - _position);
        _source.Read(_position, buffer[..count]);
        _position += count;
        return count;
    }
}

/// <summary>A stream that can only be read from front to back; implements the members that such streams do not support.</summary>
internal abstract class ForwardStream : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public abstract override int Read(Span<byte> buffer);

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
