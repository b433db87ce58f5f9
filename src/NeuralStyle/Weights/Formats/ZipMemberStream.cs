using System.IO.Hashing;
using System.IO.Compression;

namespace NeuralStyle.Weights.Formats;

/// <summary>
/// The unpacked bytes of a zip member. It never delivers more than the directory declared, and checks size and CRC-32 at the end.
/// </summary>
internal sealed class ZipMemberStream : ForwardStream
{
    private readonly ZipMember _member;
    private readonly Stream _packed;
    private long _left;
    private readonly Crc32 _crc = new();

    public ZipMemberStream(IByteSource source, ZipMember member, long offset)
    {
        _member = member;
        _left = member.Size;
        var stored = new SourceStream(source, offset, member.PackedSize);
        _packed = member.Method switch
        {
            ZipMember.Stored when member.Size == member.PackedSize => stored,
            ZipMember.Stored => throw Damaged("has two different sizes"),
            ZipMember.Deflated => new DeflateStream(stored, CompressionMode.Decompress),
            _ => throw Damaged("is packed by a method other than stored or deflated"),
        };
    }

    public override int Read(Span<byte> buffer)
    {
        if (_left == 0 || buffer.Length == 0) return 0;
        int read;
        try
        {
            read = _packed.Read(buffer[..(int)Math.Min(buffer.Length, _left)]);
            if (read == 0) throw Damaged("is shorter than its directory says");
            _crc.Append(buffer[..read]);
            _left -= read;
            if (_left == 0 && _packed.ReadByte() >= 0) throw Damaged("is longer than its directory says");
        }
        catch (InvalidDataException failure)
        {
            throw new WeightsFormatException($"its member '{LayerNames.Printable(_member.Name)}' cannot be unpacked", failure);
        }
        if (_left == 0 && _crc.GetCurrentHashAsUInt32() != _member.Crc) throw Damaged("does not match its checksum (CRC-32)");
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _packed.Dispose();
        base.Dispose(disposing);
    }

    private WeightsFormatException Damaged(string what) => new($"its member '{LayerNames.Printable(_member.Name)}' {what}");
}
