namespace NeuralStyle.Weights.Formats;

/// <summary>Bytes that are stored as the characters U+0000 to U+00FF in UTF-8, one or two bytes each.</summary>
internal sealed class Utf8ByteStream(Stream inner) : ForwardStream
{
    private readonly byte[] _buffer = new byte[4096];
    private int _at, _count;

    public override int Read(Span<byte> buffer)
    {
        var done = 0;
        while (done < buffer.Length && Next() is >= 0 and var first)
        {
            if (first < 0x80) buffer[done++] = (byte)first;
            else if (first is 0xC2 or 0xC3 && Next() is >= 0x80 and < 0xC0 and var second)
                buffer[done++] = (byte)((first & 3) << 6 | (second & 0x3F));
            else throw new WeightsFormatException("its bytes are not what Python writes as text");
        }
        return done;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }

    private int Next()
    {
        if (_at == _count) (_at, _count) = (0, inner.Read(_buffer));
        return _count == 0 ? -1 : _buffer[_at++];
    }
}
