using System.Numerics;

namespace NeuralStyle.Weights.Formats;

/// <summary>A stream whose CRC-32C (Castagnoli) is verified when its last byte was read.</summary>
internal sealed class CheckedStream(Stream inner, uint expected, long length) : ForwardStream
{
    private long _left = length;
    private uint _crc = ~0u;

    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        var rest = buffer[..read];
        for (; rest.Length >= 8; rest = rest[8..]) _crc = BitOperations.Crc32C(_crc, BitConverter.ToUInt64(rest));
        foreach (var value in rest) _crc = BitOperations.Crc32C(_crc, value);
        _left -= read;
        if (_left == 0 && read > 0 && ~_crc != expected)
            throw new WeightsFormatException("its values do not match their checksum (CRC-32C)");
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}
