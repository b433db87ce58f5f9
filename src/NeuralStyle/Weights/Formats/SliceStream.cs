namespace NeuralStyle.Weights.Formats;

/// <summary>The middle part of another stream. Still reads that stream to its end, so that its checksum is verified.</summary>
internal sealed class SliceStream(Stream inner, long skip, long length) : ForwardStream
{
    private long _skip = skip, _left = length;

    public override int Read(Span<byte> buffer)
    {
        Discard(_skip);
        _skip = 0;
        var read = inner.Read(buffer[..(int)Math.Min(buffer.Length, _left)]);
        _left -= read;
        if (_left == 0) Discard(long.MaxValue);
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }

    private void Discard(long count)
    {
        Span<byte> waste = stackalloc byte[4096];
        while (count > 0 && inner.Read(waste[..(int)Math.Min(waste.Length, count)]) is var read and > 0) count -= read;
    }
}
